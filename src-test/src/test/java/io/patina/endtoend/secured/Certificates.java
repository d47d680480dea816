package io.patina.endtoend.secured;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** An authority of a test's own, and keys that it has signed, as PKCS #12 stores. */
final class Certificates {
  static final String PASSWORD = "only-for-tests";

  private final Path directory;
  private final Path authority;

  Certificates(Path directory) throws IOException, InterruptedException {
    this.directory = Files.createDirectories(directory);
    this.authority = directory.resolve("authority.p12");
    make(authority, "CN=authority of a test", List.of("-ext", "bc:c"));
    keytool(
        "-exportcert",
        "-rfc",
        "-alias",
        "key",
        "-keystore",
        authority.toString(),
        "-file",
        authorityPem().toString());
    keytool(
        "-importcert",
        "-noprompt",
        "-alias",
        "authority",
        "-file",
        authorityPem().toString(),
        "-keystore",
        trustStore().toString());
  }

  /** Trusts the authority and nobody else. */
  Path trustStore() {
    return directory.resolve("trust.p12");
  }

  private Path authorityPem() {
    return directory.resolve("authority.pem");
  }

  /** A key store with one signed key, good for servers on 127.0.0.1 and for clients. */
  Path signed(String name) throws IOException, InterruptedException {
    Path store = directory.resolve(name + ".p12");
    make(store, "CN=" + name, List.of());
    Path request = directory.resolve(name + ".request");
    Path certificate = directory.resolve(name + ".pem");
    keytool(
        "-certreq", "-alias", "key", "-keystore", store.toString(), "-file", request.toString());
    keytool(
        "-gencert",
        "-alias",
        "key",
        "-keystore",
        authority.toString(),
        "-infile",
        request.toString(),
        "-outfile",
        certificate.toString(),
        "-rfc",
        "-ext",
        "san=ip:127.0.0.1,dns:localhost");
    keytool(
        "-importcert",
        "-noprompt",
        "-alias",
        "authority",
        "-file",
        authorityPem().toString(),
        "-keystore",
        store.toString());
    keytool(
        "-importcert",
        "-noprompt",
        "-alias",
        "key",
        "-file",
        certificate.toString(),
        "-keystore",
        store.toString());
    return store;
  }

  private static void make(Path store, String name, List<String> more)
      throws IOException, InterruptedException {
    List<String> command =
        new ArrayList<>(
            List.of(
                "-genkeypair",
                "-alias",
                "key",
                "-keyalg",
                "EC",
                "-groupname",
                "secp256r1",
                "-dname",
                name,
                "-validity",
                "2",
                "-keystore",
                store.toString()));
    command.addAll(more);
    keytool(command.toArray(String[]::new));
  }

  private static void keytool(String... arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
    command.addAll(List.of(arguments));
    command.addAll(List.of("-storetype", "PKCS12", "-storepass", PASSWORD));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (process.waitFor() != 0) {
      throw new IOException(String.join(" ", command) + ": " + said);
    }
  }
}
