package io.patina.policy;

import java.util.AbstractMap;
import java.util.Map;
import java.util.Set;

/** Texts by name, in which every name is: what is not given is the empty text. */
final class TextsByName extends AbstractMap<String, String> {

  private final Map<String, String> given;

  TextsByName(Map<String, String> given) {
    this.given = given;
  }

  @Override
  public boolean containsKey(Object name) {
    return true;
  }

  @Override
  public String get(Object name) {
    return given.getOrDefault(name, "");
  }

  @Override
  public Set<Map.Entry<String, String>> entrySet() {
    return given.entrySet();
  }
}
