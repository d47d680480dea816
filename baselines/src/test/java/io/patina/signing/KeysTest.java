package io.patina.signing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import io.patina.facts.Generated;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KeysTest {

  private static final SigningKey KEY = SigningKey.ofSeed(ByteString.copyFrom(new byte[32]));
  private static final ByteString MESSAGE = ByteString.copyFromUtf8("a message");

  @TempDir Path directory;

  /** RFC 8032, section 7.1: TEST 1, TEST 2, TEST 3 and TEST SHA(abc). */
  @ParameterizedTest
  @CsvSource({
    "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60,"
        + "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a,"
        + "'',"
        + "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b",
    "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb,"
        + "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c,"
        + "72,"
        + "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
    "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7,"
        + "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025,"
        + "af82,"
        + "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a",
    "833fe62409237b9d62ec77587520911e9a759cec1d19755b7da901b96dca3d42,"
        + "ec172b93ad5e563bf4932c70e1245034c35467ef2efd4d64ebf819683467e2bf,"
        + "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f,"
        + "dc2a4459e7369633a52b1bf277839a00201009a3efbf3ecb69bea2186c26b58909351fc9ac90b3ecfdfbc7c66431e0303dca179c138ac17ad9bef1177331a704",
  })
  void signsAsTheStandardSays(String seed, String publicKey, String message, String signature) {
    SigningKey key = SigningKey.ofSeed(ByteString.fromHex(seed));
    ByteString bytes = ByteString.fromHex(message);
    assertEquals(ByteString.fromHex(publicKey), key.publicKey().raw());
    assertEquals(ByteString.fromHex(signature), key.sign(bytes));
    assertTrue(key.publicKey().verify(bytes, ByteString.fromHex(signature)));
  }

  @Test
  void anyChangeOfMessageOrSignatureIsNoticed() {
    ByteString signature = KEY.sign(MESSAGE);
    assertTrue(KEY.publicKey().verify(MESSAGE, signature));
    for (int bit = 0; bit < signature.size() * 8; bit++) {
      byte[] copy = signature.toByteArray();
      copy[bit / 8] ^= (byte) (1 << bit % 8);
      assertFalse(KEY.publicKey().verify(MESSAGE, ByteString.copyFrom(copy)));
    }
    for (int seed = 0; seed < 200; seed++) {
      ByteString other = new Generated(seed).damaged(MESSAGE);
      assertEquals(other.equals(MESSAGE), KEY.publicKey().verify(other, signature));
    }
    assertFalse(KEY.publicKey().verify(MESSAGE, ByteString.EMPTY));
    assertFalse(KEY.publicKey().verify(MESSAGE, signature.concat(ByteString.fromHex("00"))));
    assertFalse(SigningKey.generate(new SecureRandom()).publicKey().verify(MESSAGE, signature));
  }

  @Test
  void keysSurviveTheirTextForm() throws Exception {
    for (int i = 0; i < 20; i++) {
      SigningKey key = SigningKey.generate(new SecureRandom());
      assertEquals(key.publicKey(), SigningKey.ofPem(key.pem()).publicKey());
      assertEquals(key.publicKey(), PublicKey.ofPem(key.publicKey().pem()));
      assertEquals(key.sign(MESSAGE), SigningKey.ofPem(key.pem()).sign(MESSAGE));
    }
  }

  /** RFC 8410, section 10.3 and 10.1: a private key and its public key. */
  @Test
  void readsTheKeysOfTheStandard() throws Exception {
    SigningKey key =
        SigningKey.ofPem(
            """
            -----BEGIN PRIVATE KEY-----
            MC4CAQAwBQYDK2VwBCIEINTuctv5E1hK1bbY8fdp+K06/nwoy/HU++CXqI9EdVhC
            -----END PRIVATE KEY-----
            """);
    PublicKey publicKey =
        PublicKey.ofPem(
            """
            -----BEGIN PUBLIC KEY-----
            MCowBQYDK2VwAyEAGb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuE=
            -----END PUBLIC KEY-----
            """);
    assertEquals(publicKey, key.publicKey());
  }

  @Test
  void whatIsNoKeyIsRefused() {
    List<String> wrong =
        List.of(
            "",
            "hello",
            "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n",
            "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n",
            "-----BEGIN PRIVATE KEY-----\n????\n",
            "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n");
    for (String pem : wrong) {
      assertThrows(InvalidKeyException.class, () -> PublicKey.ofPem(pem), pem);
      assertThrows(InvalidKeyException.class, () -> SigningKey.ofPem(pem), pem);
    }
    assertThrows(IllegalArgumentException.class, () -> new PublicKey(MESSAGE));
    assertThrows(IllegalArgumentException.class, () -> SigningKey.ofSeed(MESSAGE));
    ByteString noPoint = ByteString.fromHex("02" + "00".repeat(31));
    assertThrows(IllegalArgumentException.class, () -> new PublicKey(noPoint));
  }

  @Test
  void theSecretIsNotInTheTextForm() {
    assertFalse(KEY.toString().contains("00000000"), KEY.toString());
    assertFalse(KEY.pem().contains(KEY.toString()));
  }

  @Test
  void aKeyIsMadeOnceAndKeptForItsOwnerOnly() throws Exception {
    Path file = directory.resolve("key.pem");
    SigningKey made = SigningKey.loadOrCreate(file, new SecureRandom());
    assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
    assertEquals(made.publicKey(), SigningKey.loadOrCreate(file, new SecureRandom()).publicKey());
    try (Stream<Path> left = Files.list(directory)) {
      assertEquals(1, left.count());
    }
    Files.writeString(file, "");
    assertThrows(
        InvalidKeyException.class, () -> SigningKey.loadOrCreate(file, new SecureRandom()));
  }

  @Test
  void trustRootsAreTheKeysOfADirectory() throws Exception {
    Files.writeString(directory.resolve("a.pem"), KEY.publicKey().pem());
    Files.writeString(directory.resolve("README"), "not a key");
    TrustRoots roots = TrustRoots.ofDirectory(directory, Instant.EPOCH);
    assertEquals(Optional.of(KEY.publicKey()), roots.find(KEY.publicKey().id()));
    assertEquals(Optional.empty(), roots.find("00"));
    Files.writeString(directory.resolve("b.pem"), "not a key");
    String said =
        String.valueOf(
            assertThrows(
                    InvalidKeyException.class,
                    () -> TrustRoots.ofDirectory(directory, Instant.EPOCH))
                .getMessage());
    assertTrue(said.contains("b.pem"), said);
  }

  @Test
  void keysAndSignaturesOfOpensslAreTheSame() throws Exception {
    Assumptions.assumeTrue(hasOpenssl(), "the openssl program is not installed");
    Path theirs = directory.resolve("theirs.pem");
    Path theirPublic = directory.resolve("theirs.pub.pem");
    Path message = Files.write(directory.resolve("message"), MESSAGE.toByteArray());
    Path signature = directory.resolve("signature");
    openssl("genpkey", "-algorithm", "ed25519", "-out", theirs.toString());
    openssl("pkey", "-in", theirs.toString(), "-pubout", "-out", theirPublic.toString());
    openssl(
        "pkeyutl",
        "-sign",
        "-rawin",
        "-inkey",
        theirs.toString(),
        "-in",
        message.toString(),
        "-out",
        signature.toString());
    SigningKey read = SigningKey.ofPem(Files.readString(theirs));
    assertEquals(PublicKey.ofPem(Files.readString(theirPublic)), read.publicKey());
    assertEquals(ByteString.copyFrom(Files.readAllBytes(signature)), read.sign(MESSAGE));

    Path ours = Files.writeString(directory.resolve("ours.pem"), KEY.publicKey().pem());
    Files.write(signature, KEY.sign(MESSAGE).toByteArray());
    openssl(
        "pkeyutl",
        "-verify",
        "-rawin",
        "-pubin",
        "-inkey",
        ours.toString(),
        "-in",
        message.toString(),
        "-sigfile",
        signature.toString());

    Path rsa = directory.resolve("rsa.pem");
    openssl("genpkey", "-algorithm", "rsa", "-out", rsa.toString());
    String other = Files.readString(rsa);
    assertThrows(InvalidKeyException.class, () -> SigningKey.ofPem(other));
  }

  private static boolean hasOpenssl() {
    return Stream.of(Optional.ofNullable(System.getenv("PATH")).orElse("").split(":"))
        .anyMatch(d -> Files.isExecutable(Path.of(d, "openssl")));
  }

  private void openssl(String... arguments) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(Stream.concat(Stream.of("openssl"), Arrays.stream(arguments)).toList())
            .redirectErrorStream(true)
            .redirectOutput(directory.resolve("openssl.log").toFile())
            .start();
    assertEquals(0, process.waitFor(), () -> "openssl " + String.join(" ", arguments) + " failed");
  }
}
