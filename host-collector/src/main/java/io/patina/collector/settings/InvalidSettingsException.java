package io.patina.collector.settings;

import java.util.List;

/** A configuration that cannot be used; one sentence per mistake, each says what to write. */
public final class InvalidSettingsException extends Exception {
  private final transient List<String> mistakes;

  InvalidSettingsException(List<String> mistakes) {
    super(String.join("; ", mistakes));
    this.mistakes = List.copyOf(mistakes);
  }

  public List<String> mistakes() {
    return mistakes;
  }
}
