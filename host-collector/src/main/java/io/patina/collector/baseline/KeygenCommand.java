package io.patina.collector.baseline;

import io.patina.collector.asking.Answer;
import io.patina.collector.asking.CommandFailure;
import io.patina.signing.SigningKey;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code baseline keygen}: makes a key pair. */
@Command(
    name = "keygen",
    description = "Makes an Ed25519 key: NAME.key.pem (secret, PKCS #8) and NAME.pub.pem.",
    mixinStandardHelpOptions = true)
final class KeygenCommand implements Callable<Integer> {
  @Option(
      names = "--output",
      paramLabel = "NAME",
      required = true,
      description = "Beginning of both files' names; neither is overwritten.")
  private Path output = Path.of("");

  @Mixin private Answer answer = new Answer.ByFormat();

  @Override
  public Integer call() throws CommandFailure, IOException {
    SigningKey key = SigningKey.generate(new SecureRandom());
    Path secret = Path.of(output + ".key.pem");
    Path shared = Path.of(output + ".pub.pem");
    // The secret one first: without it the other is worth nothing.
    create(secret, key.pem(), "rw-------");
    create(shared, key.publicKey().pem(), "rw-r--r--");
    answer.give(
        json -> {
          json.writeStringField("secret", secret.toString());
          json.writeStringField("public", shared.toString());
          json.writeStringField("keyId", key.publicKey().id());
        },
        () -> {
          answer.line(secret + ": the secret key; keep it where only its owner reads it");
          answer.line(shared + ": the public key " + key.publicKey().id());
        });
    return 0;
  }

  private static void create(Path file, String pem, String permissions) throws CommandFailure {
    try (FileChannel channel =
        FileChannel.open(
            file,
            Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions)))) {
      ByteBuffer bytes = ByteBuffer.wrap(pem.getBytes(StandardCharsets.US_ASCII));
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
      channel.force(true);
    } catch (IOException e) {
      throw BaselineFiles.unwritable(file, e);
    }
  }
}
