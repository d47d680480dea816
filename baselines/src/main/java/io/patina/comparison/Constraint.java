package io.patina.comparison;

import io.patina.scope.Glob;
import java.util.List;

/**
 * What the value of an attribute must be. In its texts <code>&#36;{label:NAME}</code> stands for
 * the value of a label assigned to the host; with two dollar signs it stands for itself. Values of
 * binary attributes are hexadecimal.
 */
public sealed interface Constraint {

  /** Longest pattern, in characters. */
  int MAX_PATTERN = 1000;

  /** Most values that {@link OneOf} and {@link Content} list. */
  int MAX_VALUES = 256;

  /** Longest text of a value, in characters; as long as {@link Glob#MAX_PATTERN}. */
  int MAX_TEXT = 4096;

  /** Exactly this. */
  record Exactly(String value) implements Constraint {
    public Exactly {
      Limits.text(value);
    }
  }

  /** One of these. */
  record OneOf(List<String> values) implements Constraint {
    public OneOf {
      values = Limits.texts(values);
    }
  }

  /**
   * The whole value matches this pattern (RE2 syntax: linear in the value, no back references). A
   * label in it stands for its value, literally.
   */
  record Matches(String pattern) implements Constraint {
    public Matches {
      BoundedPattern.check(pattern);
    }
  }

  /**
   * This version or a later one, by the order of the fact's family. Of several versions of one
   * package the newest counts.
   */
  record AtLeast(String version) implements Constraint {
    public AtLeast {
      Limits.text(version);
    }
  }

  /** The content of a file is one of these texts; for its attribute {@code sha256}. */
  record Content(List<String> texts) implements Constraint {
    public Content {
      texts = Limits.texts(texts);
    }
  }
}
