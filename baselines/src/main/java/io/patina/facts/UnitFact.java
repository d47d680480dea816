package io.patina.facts;

/**
 * A systemd unit.
 *
 * <p>Key: the unit name. Attributes: {@code load}, {@code active}, {@code sub}, {@code enablement},
 * {@code preset}, {@code fragment} and {@code dropins} (raw SHA-256), {@code fragment-path}, {@code
 * masked}, {@code needs-reload} ({@code yes} or {@code no}). A oneshot, a target, or a unit that a
 * timer, path, socket or bus call starts, states of its run only {@code failed} ({@code yes} or
 * {@code no}). An alias states only {@code enablement}, {@code fragment-path} and {@code alias-of}.
 */
public record UnitFact(FactKey key, Attributes attributes) implements Fact {

  public UnitFact {
    Form.facet(key, Facet.UNIT);
  }
}
