package io.patina.stack.fleetload;

import io.patina.stack.latency.Spread;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.IntFunction;

/** Asks pages and API of hosts chosen at random, one question after the other. */
final class Questions {

  private final HttpClient http =
      HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();
  private final URI page;
  private final Random random = new Random(20261125);

  Questions(URI page) {
    this.page = page;
  }

  /** Addresses by route; {@code {id}} stands for a host, {@code {pool}} for a pool. */
  private static final List<String> ROUTES =
      List.of(
          "/",
          "/api/v1/fleet",
          "/hosts/{id}",
          "/api/v1/hosts/{id}",
          "/api/v1/hosts/{id}/deviations",
          "/api/v1/hosts/{id}/groups",
          "/api/v1/hosts/{id}/shared",
          "/api/v1/hosts/{id}/timeline",
          "/hosts",
          "/hosts?pool={pool}",
          "/hosts?verdict=artisanal",
          "/pools/{pool}",
          "/api/v1/pools/{pool}");

  private final Map<String, List<Long>> nanos = new LinkedHashMap<>();

  /**
   * Asks each route so many times, all of them in turn; the answers count with those before.
   *
   * @param hosts the number of hosts to choose from
   * @param name of a pool by the number of a host in it
   * @throws IOException if one is not answered with 200
   */
  void ask(int times, int hosts, IntFunction<String> name)
      throws IOException, InterruptedException {
    for (int i = 0; i < times; i++) {
      for (String route : ROUTES) {
        int host = random.nextInt(hosts);
        String path =
            route
                .replace("{id}", SimulatedHosts.host(host).toString())
                .replace("{pool}", name.apply(host));
        long begun = System.nanoTime();
        HttpResponse<byte[]> answer =
            http.send(
                HttpRequest.newBuilder(page.resolve(path)).timeout(Duration.ofSeconds(60)).build(),
                HttpResponse.BodyHandlers.ofByteArray());
        long took = System.nanoTime() - begun;
        if (answer.statusCode() != 200) {
          throw new IOException(path + " answers " + answer.statusCode());
        }
        nanos.computeIfAbsent(route, r -> new ArrayList<>()).add(took);
      }
    }
  }

  /** How long the answers took, by route. */
  Map<String, Spread> spreads() {
    Map<String, Spread> spreads = new LinkedHashMap<>();
    nanos.forEach((route, took) -> spreads.put(route, Spread.ofNanos(took)));
    return spreads;
  }
}
