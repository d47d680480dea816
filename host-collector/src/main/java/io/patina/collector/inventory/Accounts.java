package io.patina.collector.inventory;

import com.google.protobuf.ByteString;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Names of users and groups to ids, by the observed root's own {@code /etc/passwd} and {@code
 * /etc/group} (passwd(5), group(5)), not by this machine's.
 */
public final class Accounts {
  private final Map<String, Long> users;
  private final Map<String, Long> groups;

  private Accounts(Map<String, Long> users, Map<String, Long> groups) {
    this.users = users;
    this.groups = groups;
  }

  /** Parses both files; a line that is not of the form is passed over, as the C library does. */
  public static Accounts parse(ByteString passwd, ByteString group) {
    return new Accounts(ids(passwd), ids(group));
  }

  /** Id of a user name, or of {@code #} and a number. */
  public Optional<Long> user(String name) {
    return id(users, name);
  }

  /** Id of a group name, or of {@code #} and a number. */
  public Optional<Long> group(String name) {
    return id(groups, name);
  }

  private static Optional<Long> id(Map<String, Long> ids, String name) {
    if (name.matches("#[0-9]{1,10}")) {
      return Optional.of(Long.parseLong(name.substring(1)));
    }
    // Managers never look root up.
    return name.equals("root") ? Optional.of(0L) : Optional.ofNullable(ids.get(name));
  }

  private static Map<String, Long> ids(ByteString bytes) {
    Map<String, Long> ids = new HashMap<>();
    for (String line : bytes.toString(StandardCharsets.ISO_8859_1).split("\n", -1)) {
      String[] fields = line.split(":", 4);
      if (fields.length > 2 && fields[2].matches("[0-9]{1,10}")) {
        ids.putIfAbsent(fields[0], Long.parseLong(fields[2]));
      }
    }
    return ids;
  }
}
