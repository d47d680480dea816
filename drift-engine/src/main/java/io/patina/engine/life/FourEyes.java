package io.patina.engine.life;

import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Who wrote a baseline, or asked for an exception, does not approve it. */
public final class FourEyes {

  private static final Pattern ADDRESS = Pattern.compile("<([^<>]+)>\\s*$");

  private FourEyes() {}

  /**
   * Whether both are the same, as far as names tell: case and blanks around do not count, and
   * {@code Alice <alice@example.org>} is also {@code alice@example.org}. In doubt it is the same
   * one: that costs a second approver, the other mistake costs the rule.
   *
   * @param author as the signed statement says
   * @param submittedBy who handed it in, as authenticated
   * @param approver as authenticated
   */
  public static boolean same(String author, Optional<String> submittedBy, String approver) {
    return same(author, approver) || submittedBy.map(s -> same(s, approver)).orElse(false);
  }

  private static boolean same(String one, String other) {
    return plain(one).equals(plain(other))
        || plain(address(one)).equals(plain(other))
        || plain(one).equals(plain(address(other)))
        || plain(address(one)).equals(plain(address(other)));
  }

  private static String address(String name) {
    Matcher m = ADDRESS.matcher(name);
    return m.find() ? m.group(1) : name;
  }

  private static String plain(String name) {
    return name.strip().toLowerCase(Locale.ROOT);
  }
}
