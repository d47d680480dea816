package io.patina.facts;

/**
 * An installed package.
 *
 * <p>Key: {@code manager:name:architecture}, such as {@code dpkg:bash:amd64}. Attributes: {@code
 * versions} (epoch:version-release, several separated by a space, sorted), {@code header} (raw
 * SHA-256 of the header, rpm), {@code vendor}.
 */
public record PackageFact(FactKey key, Attributes attributes) implements Fact {

  public PackageFact {
    Form.facet(key, Facet.PACKAGE);
  }
}
