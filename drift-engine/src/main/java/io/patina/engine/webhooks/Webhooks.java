package io.patina.engine.webhooks;

import jakarta.inject.Singleton;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.Optional;

/** Whether calls are made, and whether an address may be called. */
@Singleton
public final class Webhooks {

  private final WebhookConfig config;

  /**
   * @throws IllegalArgumentException if a receiver is configured without a usable secret
   */
  public Webhooks(WebhookConfig config) {
    this.config = config;
    if (config.url().isPresent()) {
      String scheme = String.valueOf(config.url().get().getScheme());
      if (!scheme.equals("http") && !scheme.equals("https")) {
        throw new IllegalArgumentException("patina.webhook.url must be http or https");
      }
      var unused =
          WebhookSignature.of(
              config
                  .secret()
                  .orElseThrow(
                      () ->
                          new IllegalArgumentException(
                              "set patina.webhook.secret with patina.webhook.url")));
    }
  }

  public boolean isOn() {
    return config.url().isPresent();
  }

  /**
   * Why this address may not be called, if it may not: a receiver's name that leads to this machine
   * or to the cloud's metadata would let a configuration of one reach the secrets of another.
   */
  Optional<String> refusal(URI url) throws UnknownHostException {
    for (InetAddress address : InetAddress.getAllByName(url.getHost())) {
      if (address.isLinkLocalAddress()
          || address.isAnyLocalAddress()
          || address.isMulticastAddress()) {
        return Optional.of("the receiver's address is link-local, unspecified or multicast");
      }
      if (address.isLoopbackAddress() && !config.allowLoopback()) {
        return Optional.of("the receiver is on this machine: set patina.webhook.allow-loopback");
      }
    }
    return Optional.empty();
  }
}
