package io.patina.signing;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The public keys whose signatures count. */
public record TrustRoots(List<PublicKey> keys) {

  public TrustRoots {
    keys = List.copyOf(keys);
  }

  /**
   * Reads every {@code *.pem} of a directory.
   *
   * @throws InvalidKeyException naming the file that is no key
   */
  public static TrustRoots ofDirectory(Path directory) throws IOException, InvalidKeyException {
    List<PublicKey> keys = new ArrayList<>();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, "*.pem")) {
      for (Path file : files) {
        try {
          keys.add(PublicKey.ofPem(Files.readString(file)));
        } catch (InvalidKeyException e) {
          throw new InvalidKeyException(file + ": " + e.getMessage(), e);
        }
      }
    }
    return new TrustRoots(keys);
  }

  /** The key of that id, if it is trusted. */
  public Optional<PublicKey> find(String keyId) {
    return keys.stream().filter(k -> k.id().equals(keyId)).findFirst();
  }
}
