package io.patina.imports.archives;

import com.google.protobuf.ByteString;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * POSIX access control lists: from the text of star and GNU tar to the bytes that Linux keeps as an
 * extended attribute (linux/posix_acl_xattr.h, version 2).
 */
final class AccessList {

  private static final int VERSION = 2;
  private static final int NOBODY = -1;
  private static final int USER_OBJECT = 0x01;
  private static final int USER = 0x02;
  private static final int GROUP_OBJECT = 0x04;
  private static final int GROUP = 0x08;
  private static final int MASK = 0x10;
  private static final int OTHER = 0x20;

  private AccessList() {}

  private record Permit(int tag, int bits, int id) {}

  /**
   * The bytes; none for a list that says no more than the mode does.
   *
   * @return empty if the text is no list or names users or groups without their numbers
   */
  static Optional<ByteString> binary(String text) {
    List<Permit> permits = new ArrayList<>();
    for (String line : text.split("[,\n]", -1)) {
      String stripped = line.strip();
      if (stripped.isEmpty() || stripped.startsWith("#")) {
        continue;
      }
      Optional<Permit> permit = permit(stripped.split(":", -1));
      if (permit.isEmpty()) {
        return Optional.empty();
      }
      permits.add(permit.get());
    }
    if (permits.size() <= 3) {
      return Optional.of(ByteString.EMPTY);
    }
    // The kernel's order: by tag; by number where there are several.
    permits.sort(
        Comparator.comparingInt(Permit::tag)
            .thenComparing((a, b) -> Integer.compareUnsigned(a.id(), b.id())));
    ByteBuffer out =
        ByteBuffer.allocate(4 + 8 * permits.size()).order(ByteOrder.LITTLE_ENDIAN).putInt(VERSION);
    permits.forEach(p -> out.putShort((short) p.tag()).putShort((short) p.bits()).putInt(p.id()));
    return Optional.of(ByteString.copyFrom(out.flip()));
  }

  /** {@code tag:qualifier:permissions}, with the number as a fourth field where star wrote it. */
  private static Optional<Permit> permit(String[] parts) {
    if (parts.length < 3 || parts.length > 4) {
      return Optional.empty();
    }
    boolean named = !parts[1].isEmpty();
    int tag =
        switch (parts[0]) {
          case "user", "u" -> named ? USER : USER_OBJECT;
          case "group", "g" -> named ? GROUP : GROUP_OBJECT;
          case "mask", "m" -> MASK;
          case "other", "o" -> OTHER;
          default -> 0;
        };
    String rights = parts[2];
    if (tag == 0 || !rights.matches("[r-][w-][x-]")) {
      return Optional.empty();
    }
    int bits =
        (rights.charAt(0) == 'r' ? 4 : 0)
            | (rights.charAt(1) == 'w' ? 2 : 0)
            | (rights.charAt(2) == 'x' ? 1 : 0);
    if (!named) {
      return Optional.of(new Permit(tag, bits, NOBODY));
    }
    String number = parts.length == 4 ? parts[3] : parts[1];
    try {
      return Optional.of(new Permit(tag, bits, Integer.parseUnsignedInt(number)));
    } catch (NumberFormatException e) {
      return Optional.empty();
    }
  }
}
