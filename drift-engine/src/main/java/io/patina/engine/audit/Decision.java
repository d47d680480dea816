package io.patina.engine.audit;

import java.util.Map;

/**
 * What is to be recorded.
 *
 * @param by who decided
 * @param why the reason given; may be empty
 * @param data what else belongs to it, name to text
 */
public record Decision(By by, String action, String thing, String why, Map<String, String> data) {

  public Decision {
    data = Map.copyOf(data);
  }
}
