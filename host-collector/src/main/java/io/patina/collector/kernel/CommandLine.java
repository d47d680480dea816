package io.patina.collector.kernel;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/** The kernel's command line without the secrets that people put there. */
public final class CommandLine {
  static final String REDACTED = "(redacted)";

  private static final Pattern SECRET =
      Pattern.compile(
          ".*(passw|passphrase|secret|token|credential|apikey|api_key|api-key|private|auth).*"
              + "|.*[._-](key|psk|pin)|key|psk");

  /** User information in a URL, and what follows a question mark (signed URLs). */
  private static final Pattern IN_URL = Pattern.compile("(://)[^/@\\s]*@|(\\?)\\S*");

  private CommandLine() {}

  /** The same parameters, values of secret ones and credentials in URLs replaced. */
  public static String redact(String commandLine) {
    List<String> out = new ArrayList<>();
    for (String parameter : words(commandLine.strip())) {
      int equals = parameter.indexOf('=');
      if (equals > 0
          && SECRET.matcher(parameter.substring(0, equals).toLowerCase(Locale.ROOT)).matches()) {
        out.add(parameter.substring(0, equals + 1) + REDACTED);
      } else if (parameter.contains("://")) {
        out.add(
            IN_URL
                .matcher(parameter)
                .replaceAll(m -> m.group(1) != null ? "://" + REDACTED + "@" : "?" + REDACTED));
      } else {
        out.add(parameter);
      }
    }
    return String.join(" ", out);
  }

  /** Words between spaces; double quotes hold a word together, as in lib/cmdline.c. */
  private static List<String> words(String line) {
    List<String> words = new ArrayList<>();
    StringBuilder word = new StringBuilder();
    boolean quoted = false;
    for (int i = 0; i < line.length(); i++) {
      char c = line.charAt(i);
      if (c == '"') {
        quoted = !quoted;
      }
      if (Character.isWhitespace(c) && !quoted) {
        if (!word.isEmpty()) {
          words.add(word.toString());
        }
        word.setLength(0);
      } else {
        word.append(c);
      }
    }
    if (!word.isEmpty()) {
      words.add(word.toString());
    }
    return words;
  }
}
