package io.patina.collector.identity;

import io.patina.collector.disk.DurableFile;
import io.patina.signing.InvalidKeyException;
import io.patina.signing.PublicKey;
import io.patina.signing.SigningKey;
import io.patina.wire.KeyHandovers;
import io.patina.wire.v1.HostIdentity;
import io.patina.wire.v1.KeyHandover;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;

/**
 * Gives an installation another key, in steps that each leave a state from which the next start
 * goes on: the new key is on disk before anything is signed, the handover before the new key signs
 * a report, and the old key is gone only when nothing needs it.
 *
 * <p>The engine learns of it by the snapshot that opens the next start, which is signed by the new
 * key and carries every handover; it may miss any number of them.
 */
final class KeyRotation {
  private final Path keyFile;
  private final Path nextFile;
  private final Path handoverFile;

  /**
   * @param directory of the installation
   */
  KeyRotation(Path directory) {
    this.keyFile = directory.resolve("installation.key.pem");
    this.nextFile = directory.resolve("installation.key.next.pem");
    this.handoverFile = directory.resolve("handovers");
  }

  /** One step. */
  @FunctionalInterface
  private interface Step {
    void take() throws IOException, UnusableIdentityException;
  }

  /**
   * Makes a key and hands over to it.
   *
   * @param most steps to take; more than there are but in tests of what a crash leaves behind
   */
  void begin(Installation installation, SecureRandom random, int most)
      throws IOException, UnusableIdentityException {
    List<Step> steps = new ArrayList<>();
    steps.add(() -> write(nextFile, SigningKey.generate(random)));
    steps.addAll(rest(installation));
    for (Step each : steps.subList(0, Math.min(most, steps.size()))) {
      each.take();
    }
  }

  /** Goes on with what was begun; nothing if nothing was. */
  void complete(Installation installation) throws IOException, UnusableIdentityException {
    if (Files.exists(nextFile)) {
      for (Step each : rest(installation)) {
        each.take();
      }
    }
  }

  private List<Step> rest(Installation installation) {
    return List.of(
        () -> handOver(installation),
        () -> write(keyFile, key(nextFile)),
        () -> DurableFile.remove(nextFile));
  }

  private void handOver(Installation installation) throws IOException, UnusableIdentityException {
    SigningKey next = key(nextFile);
    PublicKey now = installation.key().publicKey();
    List<KeyHandover> all = new ArrayList<>(handovers());
    boolean done =
        next.publicKey().equals(now)
            || (!all.isEmpty() && all.getLast().getNewKey().equals(next.publicKey().raw()));
    if (done) {
      return;
    }
    all.add(KeyHandovers.make(installation.id(), installation.key(), next));
    int from = Math.max(0, all.size() - KeyHandovers.MOST);
    DurableFile.replace(
        handoverFile,
        HostIdentity.newBuilder()
            .addAllHandovers(all.subList(from, all.size()))
            .build()
            .toByteArray());
  }

  /** Every handover that was made, oldest first. */
  List<KeyHandover> handovers() throws IOException, UnusableIdentityException {
    if (!Files.exists(handoverFile)) {
      return List.of();
    }
    try {
      return HostIdentity.parseFrom(Files.readAllBytes(handoverFile)).getHandoversList();
    } catch (com.google.protobuf.InvalidProtocolBufferException e) {
      throw new UnusableIdentityException(
          handoverFile + " does not hold handovers of a key: " + e.getMessage(), e);
    }
  }

  private static void write(Path file, SigningKey key) throws IOException {
    DurableFile.replace(file, key.pem().getBytes(StandardCharsets.US_ASCII));
  }

  private static SigningKey key(Path file) throws IOException, UnusableIdentityException {
    try {
      return SigningKey.ofPem(Files.readString(file));
    } catch (InvalidKeyException e) {
      throw new UnusableIdentityException(file + ": " + e.getMessage(), e);
    }
  }
}
