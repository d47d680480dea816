package io.patina.collector.rpm;

import com.google.protobuf.ByteString;
import java.util.List;
import java.util.Optional;

/**
 * File capabilities from text, as cap_from_text(3) understands it, to the raw value of the xattr
 * {@code security.capability} (linux/capability.h, {@code VFS_CAP_REVISION_2}, little-endian).
 */
final class FileCapabilities {

  private static final List<String> NAMES =
      List.of(
          "chown",
          "dac_override",
          "dac_read_search",
          "fowner",
          "fsetid",
          "kill",
          "setgid",
          "setuid",
          "setpcap",
          "linux_immutable",
          "net_bind_service",
          "net_broadcast",
          "net_admin",
          "net_raw",
          "ipc_lock",
          "ipc_owner",
          "sys_module",
          "sys_rawio",
          "sys_chroot",
          "sys_ptrace",
          "sys_pacct",
          "sys_admin",
          "sys_boot",
          "sys_nice",
          "sys_resource",
          "sys_time",
          "sys_tty_config",
          "mknod",
          "lease",
          "audit_write",
          "audit_control",
          "setfcap",
          "mac_override",
          "mac_admin",
          "syslog",
          "wake_alarm",
          "block_suspend",
          "audit_read",
          "perfmon",
          "bpf",
          "checkpoint_restore");

  private static final int REVISION_2 = 0x02000000;
  private static final String SETS = "eip";

  private FileCapabilities() {}

  /**
   * The raw value; empty bytes for "no capabilities".
   *
   * @return empty if the text is not understood
   */
  static Optional<ByteString> parse(String text) {
    long[] sets = new long[SETS.length()];
    for (String clause : text.strip().split("\\s+", -1)) {
      if (!clause.isEmpty() && !apply(clause, sets)) {
        return Optional.empty();
      }
    }
    long effective = sets[0];
    long inheritable = sets[1];
    long permitted = sets[2];
    if ((effective | inheritable | permitted) == 0) {
      return Optional.of(ByteString.EMPTY);
    }
    byte[] value = new byte[20];
    put(value, 0, REVISION_2 | (effective != 0 ? 1 : 0));
    put(value, 4, permitted);
    put(value, 8, inheritable);
    put(value, 12, permitted >>> 32);
    put(value, 16, inheritable >>> 32);
    return Optional.of(ByteString.copyFrom(value));
  }

  /** One clause: names (none means all), then one or more of an operator and flags. */
  private static boolean apply(String clause, long[] sets) {
    int at = 0;
    while (at < clause.length() && "=+-".indexOf(clause.charAt(at)) < 0) {
      at++;
    }
    long chosen = chosen(clause.substring(0, at));
    if (chosen == 0 || at == clause.length()) {
      return false;
    }
    while (at < clause.length()) {
      char operator = clause.charAt(at++);
      int from = at;
      while (at < clause.length() && SETS.indexOf(clause.charAt(at)) >= 0) {
        at++;
      }
      String flags = clause.substring(from, at);
      boolean known = at == clause.length() || "=+-".indexOf(clause.charAt(at)) >= 0;
      if (!known || "=+-".indexOf(operator) < 0) {
        return false;
      }
      for (int set = 0; set < sets.length; set++) {
        boolean named = flags.indexOf(SETS.charAt(set)) >= 0;
        if (operator == '=' || (operator == '-' && named)) {
          sets[set] &= ~chosen;
        }
        if (operator != '-' && named) {
          sets[set] |= chosen;
        }
      }
    }
    return true;
  }

  private static long chosen(String names) {
    long all = (1L << NAMES.size()) - 1;
    if (names.isEmpty() || names.equals("all")) {
      return all;
    }
    long chosen = 0;
    for (String name : names.split(",", -1)) {
      int number =
          name.startsWith("cap_")
              ? NAMES.indexOf(name.substring(4))
              : name.matches("[0-9]{1,2}") ? Integer.parseInt(name) : -1;
      if (number < 0 || number > 63) {
        return 0;
      }
      chosen |= 1L << number;
    }
    return chosen;
  }

  private static void put(byte[] bytes, int at, long value) {
    for (int i = 0; i < 4; i++) {
      bytes[at + i] = (byte) (value >>> (8 * i));
    }
  }
}
