package io.patina.stack.line;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.patina.wire.Topics;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * Measures how long a change on disk takes until it is visible.
 *
 * <p>Every change waits for the one before it to be visible, so that each is measured alone. The
 * clock is this process's monotonic one, read before the system call that makes the change and
 * after the answer that shows it: the time the question takes is part of the figure.
 */
final class LiveBench implements AutoCloseable {
  private static final Duration LIMIT = Duration.ofSeconds(60);
  private static final Duration PAUSE = Duration.ofMillis(5);
  private static final JsonMapper JSON = new JsonMapper();

  private final URI page;
  private final KafkaConsumer<byte[], byte[]> consumer;
  private final Thread listening;
  private final Map<String, Long> seen = new ConcurrentHashMap<>();

  /**
   * One row of the result.
   *
   * @param millis in the order of the changes
   */
  record Series(String name, List<Double> millis) {
    Series {
      millis = List.copyOf(millis);
    }

    /** The smallest figure that at least this share of all does not exceed. */
    double quantile(double share) {
      List<Double> sorted = millis.stream().sorted().toList();
      int rank = (int) Math.ceil(share * sorted.size());
      return sorted.get(Math.max(0, rank - 1));
    }
  }

  /** Listens to the events from now on. */
  LiveBench(URI page, String bootstrapServers) {
    this.page = page;
    this.consumer =
        new KafkaConsumer<>(
            Map.of("bootstrap.servers", bootstrapServers, "fetch.max.wait.ms", 100),
            new ByteArrayDeserializer(),
            new ByteArrayDeserializer());
    List<TopicPartition> partitions =
        consumer.partitionsFor(Topics.DRIFT_EVENTS).stream()
            .map(info -> new TopicPartition(info.topic(), info.partition()))
            .toList();
    consumer.assign(partitions);
    consumer.seekToEnd(partitions);
    partitions.forEach(consumer::position);
    this.listening = Thread.ofPlatform().name("events").daemon(true).start(this::listen);
  }

  /**
   * Makes and removes files in a directory.
   *
   * @param changes how many; a file made and removed again counts two
   */
  List<Series> run(Path directory, int changes) throws IOException {
    String host = host();
    List<Double> opened = new ArrayList<>();
    List<Double> closed = new ArrayList<>();
    List<Double> openedEvents = new ArrayList<>();
    List<Double> closedEvents = new ArrayList<>();
    for (int round = 0; round < (changes + 1) / 2; round++) {
      // A name of its own every time: an event or a row of an earlier round cannot be mistaken.
      Path file = directory.resolve("patina-bench-" + ProcessHandle.current().pid() + "-" + round);
      try {
        long made = System.nanoTime();
        Files.writeString(file, "made by patina bench live\n");
        opened.add(await(host, file, true, made));
        long removed = System.nanoTime();
        Files.delete(file);
        closed.add(await(host, file, false, removed));
        event("deviation.opened", file, made, openedEvents);
        event("deviation.closed", file, removed, closedEvents);
      } finally {
        Files.deleteIfExists(file);
      }
    }
    return List.of(
        new Series("deviation open in the API", opened),
        new Series("deviation closed in the API", closed),
        new Series("deviation.opened on the topic", openedEvents),
        new Series("deviation.closed on the topic", closedEvents));
  }

  /** The result as one line of JSON. */
  static String json(List<Series> all) {
    ObjectNode root = JSON.createObjectNode();
    root.put("bench", "live");
    ArrayNode rows = root.putArray("series");
    for (Series series : all) {
      ObjectNode row = rows.addObject();
      row.put("name", series.name());
      row.put("n", series.millis().size());
      if (!series.millis().isEmpty()) {
        row.put("p50Millis", series.quantile(0.5));
        row.put("p90Millis", series.quantile(0.9));
        row.put("p99Millis", series.quantile(0.99));
        row.put("maxMillis", series.quantile(1));
      }
    }
    return root.toString();
  }

  @Override
  public void close() {
    consumer.wakeup();
    try {
      listening.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private String host() throws IOException {
    JsonNode items = get("api/v1/hosts").path("items");
    if (items.isEmpty()) {
      throw new IOException("the engine knows no host yet");
    }
    return items.get(0).path("id").asText();
  }

  private double await(String host, Path file, boolean open, long since) throws IOException {
    String key = file.toString();
    while (true) {
      boolean found = false;
      for (JsonNode item :
          get("api/v1/hosts/" + host + "/deviations?state=open&limit=50").path("items")) {
        found |= item.path("key").asText().equals(key);
      }
      long now = System.nanoTime();
      if (found == open) {
        return millis(now - since);
      }
      if (now - since > LIMIT.toNanos()) {
        throw new IOException(
            key + (open ? " is no deviation" : " is still a deviation") + " after " + LIMIT);
      }
      LockSupport.parkNanos(PAUSE.toNanos());
    }
  }

  private void event(String kind, Path file, long since, List<Double> into) {
    String name = kind + " " + file;
    long deadline = System.nanoTime() + Duration.ofSeconds(10).toNanos();
    while (!seen.containsKey(name) && System.nanoTime() - deadline < 0) {
      LockSupport.parkNanos(PAUSE.toNanos());
    }
    Long at = seen.get(name);
    if (at != null) {
      into.add(millis(at - since));
    }
  }

  private void listen() {
    try (consumer) {
      while (true) {
        for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofSeconds(1))) {
          note(new String(record.value(), StandardCharsets.UTF_8), System.nanoTime());
        }
      }
    } catch (WakeupException e) {
      // close() asked for it.
      return;
    }
  }

  private void note(String event, long at) {
    try {
      JsonNode node = JSON.readTree(event);
      String type = node.path("type").asText();
      String key = node.path("data").path("key").asText();
      for (String kind : List.of("deviation.opened", "deviation.closed")) {
        if (type.endsWith(kind)) {
          seen.putIfAbsent(kind + " " + key, at);
        }
      }
    } catch (IOException e) {
      System.err.println("an event on " + Topics.DRIFT_EVENTS + " is not JSON: " + e.getMessage());
    }
  }

  private JsonNode get(String path) throws IOException {
    HttpProbe.Answer answer = HttpProbe.get(page.resolve(path));
    if (answer.status() != 200) {
      throw new IOException(path + " answers " + answer.status());
    }
    return JSON.readTree(answer.body());
  }

  private static double millis(long nanos) {
    return nanos / 1e6;
  }
}
