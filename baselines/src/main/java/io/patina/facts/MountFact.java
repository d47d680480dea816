package io.patina.facts;

/**
 * A mounted filesystem.
 *
 * <p>Key: the mount point, raw bytes. Attributes: {@code fstype}, {@code options}, {@code
 * super-options} (sorted, comma separated, without those that change by themselves), {@code
 * source-kind} ({@code device}, {@code tmpfs}, {@code overlay}, ...), {@code lower}, {@code upper}.
 */
public record MountFact(FactKey key, Attributes attributes) implements Fact {

  public MountFact {
    Form.facet(key, Facet.MOUNT);
  }
}
