package io.patina.scope;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

/** The scope that suits a general Linux host: {@code default-scope.yaml} beside this class. */
public final class DefaultScope {

  private DefaultScope() {}

  public static Scope get() {
    try {
      return ScopeFile.parse(yaml());
    } catch (InvalidScopeException e) {
      throw new IllegalStateException("the default scope is tested at build time", e);
    }
  }

  /** The document as it stands, comments included, to begin an own scope with. */
  public static String yaml() {
    try (InputStream in = DefaultScope.class.getResourceAsStream("default-scope.yaml")) {
      if (in == null) {
        throw new IllegalStateException("default-scope.yaml is not on the class path");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new IllegalStateException("reading a resource failed", e);
    }
  }
}
