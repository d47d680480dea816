package io.patina.collector.dpkg;

import com.google.protobuf.ByteString;
import java.util.List;
import java.util.Optional;

/**
 * One stanza of dpkg's status file, as far as the system's files depend on it.
 *
 * @param state third word of {@code Status}; distroless stanzas have none and count as installed
 * @param sameArchitecture {@code Multi-Arch: same}: its info files carry the architecture
 * @param origin field {@code Origin}, who made it
 */
record DpkgPackage(
    String name,
    String architecture,
    String version,
    String state,
    boolean sameArchitecture,
    Optional<String> origin,
    List<Conffile> conffiles) {

  /**
   * A configuration file and its shipped content.
   *
   * @param md5 empty while the package is being set up
   * @param obsolete no longer shipped by the installed version, or to be removed on upgrade
   */
  record Conffile(ByteString path, Optional<ByteString> md5, boolean obsolete) {}

  DpkgPackage {
    conffiles = List.copyOf(conffiles);
  }

  /** Whether its files are on the system, even if it is not configured yet. */
  boolean unpacked() {
    return switch (state) {
      case "unpacked", "half-configured", "triggers-awaited", "triggers-pending", "installed" ->
          true;
      default -> false;
    };
  }

  /** Whether it was removed and only its configuration files may be left. */
  boolean onlyConffiles() {
    return state.equals("config-files");
  }

  String key() {
    return "dpkg:" + name + ":" + architecture;
  }
}
