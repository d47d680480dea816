package io.patina.collector.identity;

import com.google.protobuf.ByteString;
import io.patina.collector.disk.DurableFile;
import io.patina.signing.InvalidKeyException;
import io.patina.signing.SigningKey;
import io.patina.wire.EnrolmentToken;
import io.patina.wire.v1.HostIdentity;
import io.patina.wire.v1.KeyHandover;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/**
 * One life of a host: made at the first start, kept until the state directory is removed.
 *
 * @param id 16 random bytes
 * @param key signs every report
 * @param handovers by which earlier keys gave way to this one, oldest first
 */
public record Installation(ByteString id, SigningKey key, List<KeyHandover> handovers) {
  static final int ID_BYTES = 16;

  public Installation {
    if (id.size() != ID_BYTES) {
      throw new IllegalArgumentException("an installation id has 16 bytes, not " + id.size());
    }
    handovers = List.copyOf(handovers);
  }

  /** With its first key. */
  public Installation(ByteString id, SigningKey key) {
    this(id, key, List.of());
  }

  /** What a host says of itself, with what this installation proves by its keys. */
  public HostIdentity proving(HostIdentity said, Optional<EnrolmentToken> token) {
    HostIdentity.Builder host = said.toBuilder().addAllHandovers(handovers);
    token.ifPresent(t -> host.setEnrolment(t.prove(id, key.publicKey())));
    return host.build();
  }

  /** The id in lower-case hexadecimal, 32 characters: the name in the API. */
  public String hex() {
    return HexFormat.of().formatHex(id.toByteArray());
  }

  /**
   * Reads the identity, or makes it. The key is written first and the id last: a crash in between
   * leaves no identity, and the next start makes a whole one.
   *
   * @throws UnusableIdentityException if what is there is damaged; it is never replaced silently
   */
  static Installation loadOrCreate(Path directory, SecureRandom random)
      throws IOException, UnusableIdentityException {
    Path idFile = directory.resolve("installation");
    Path keyFile = directory.resolve("installation.key.pem");
    if (Files.exists(idFile)) {
      KeyRotation rotation = new KeyRotation(directory);
      rotation.complete(load(idFile, keyFile));
      Installation whole = load(idFile, keyFile);
      return new Installation(whole.id, whole.key, rotation.handovers());
    }
    byte[] id = new byte[ID_BYTES];
    random.nextBytes(id);
    Installation made = new Installation(ByteString.copyFrom(id), SigningKey.generate(random));
    DurableFile.replace(keyFile, made.key.pem().getBytes(StandardCharsets.US_ASCII));
    DurableFile.replace(idFile, (made.hex() + "\n").getBytes(StandardCharsets.US_ASCII));
    return made;
  }

  private static Installation load(Path idFile, Path keyFile)
      throws IOException, UnusableIdentityException {
    try {
      byte[] id = HexFormat.of().parseHex(Files.readString(idFile).strip());
      return new Installation(ByteString.copyFrom(id), SigningKey.ofPem(Files.readString(keyFile)));
    } catch (IllegalArgumentException e) {
      throw new UnusableIdentityException(
          idFile + " does not hold an installation id: " + e.getMessage(), e);
    } catch (InvalidKeyException e) {
      throw new UnusableIdentityException(keyFile + ": " + e.getMessage(), e);
    }
  }

  @Override
  public String toString() {
    return "installation " + hex();
  }
}
