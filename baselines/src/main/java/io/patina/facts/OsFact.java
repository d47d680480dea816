package io.patina.facts;

/**
 * A field of the operating system's identity, as os-release(5) has it.
 *
 * <p>Key: the field name, such as {@code VERSION_ID}. Attribute: {@code value}, unquoted.
 */
public record OsFact(FactKey key, Attributes attributes) implements Fact {

  public OsFact {
    Form.facet(key, Facet.OS);
  }
}
