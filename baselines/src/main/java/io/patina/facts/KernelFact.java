package io.patina.facts;

/**
 * One property of the running kernel.
 *
 * <p>Keys: {@code release}, {@code version}, {@code cmdline}, {@code taint}, {@code
 * config:CONFIG_X}, {@code sysctl:NAME} (dotted), {@code module:NAME}. Attribute: {@code value}.
 */
public record KernelFact(FactKey key, Attributes attributes) implements Fact {

  public KernelFact {
    Form.facet(key, Facet.KERNEL);
  }
}
