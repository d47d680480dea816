package io.patina.facts;

/**
 * A systemd unit.
 *
 * <p>Key: the unit name. Attributes: {@code load}, {@code active}, {@code sub}, {@code enablement},
 * {@code preset}, {@code fragment} and {@code dropins} (raw SHA-256), {@code fragment-path}, {@code
 * masked}, {@code needs-reload} ({@code yes} or {@code no}). A oneshot, or a unit that a timer,
 * path or socket starts, states of its run only {@code active=failed}, and that only when it
 * failed.
 */
public record UnitFact(FactKey key, Attributes attributes) implements Fact {

  public UnitFact {
    Form.facet(key, Facet.UNIT);
  }
}
