package io.patina.collector.inventory;

import com.google.protobuf.ByteString;
import java.util.Optional;

/**
 * A package whose files are on the system.
 *
 * @param manager {@code dpkg} or {@code rpm}
 * @param name as the manager writes it
 * @param architecture as the manager writes it
 * @param version epoch:version-release; without a zero epoch
 * @param header SHA-256 over the package's header (32 bytes), where the manager records it
 * @param vendor who made it, where the manager records it
 * @param signed whether the header carries a signature; empty where the manager records none
 */
public record InstalledPackage(
    String manager,
    String name,
    String architecture,
    String version,
    Optional<ByteString> header,
    Optional<String> vendor,
    Optional<Boolean> signed) {

  /** The key of its package fact: {@code manager:name:architecture}. */
  public String key() {
    return manager + ":" + name + ":" + architecture;
  }
}
