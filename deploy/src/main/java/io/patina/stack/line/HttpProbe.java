package io.patina.stack.line;

import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * Asks a server on loopback over HTTP; ready when it answers 200.
 *
 * @param address what to GET
 */
record HttpProbe(URI address) implements Part.Probe {
  private static final int CONNECT_MILLIS = 2_000;
  private static final int READ_MILLIS = 10_000;
  private static final int LARGEST_ANSWER = 1 << 20;

  /**
   * What a server answered.
   *
   * @param status HTTP status
   * @param body empty unless the status is below 400
   */
  record Answer(int status, String body) {}

  @Override
  public Optional<String> waitingFor() {
    try {
      int status = get(address).status();
      return status == 200
          ? Optional.empty()
          : Optional.of(address.getPath() + " answers " + status);
    } catch (IOException e) {
      return Optional.of(address.getPath() + ": " + e.getMessage());
    }
  }

  /** One GET; reads at most 1 MiB. */
  static Answer get(URI address) throws IOException {
    HttpURLConnection connection = (HttpURLConnection) address.toURL().openConnection();
    connection.setConnectTimeout(CONNECT_MILLIS);
    connection.setReadTimeout(READ_MILLIS);
    connection.setRequestProperty("Accept", "application/json, text/plain;q=0.5, */*;q=0.1");
    try {
      int status = connection.getResponseCode();
      if (status >= 400) {
        return new Answer(status, "");
      }
      try (InputStream body = connection.getInputStream()) {
        return new Answer(
            status, new String(body.readNBytes(LARGEST_ANSWER), StandardCharsets.UTF_8));
      }
    } finally {
      connection.disconnect();
    }
  }
}
