package io.patina.stack.latency;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * Makes a file appear and vanish in a tree where every file should belong to a package, and takes
 * the time until the API shows the deviation open, or no longer, until the open page does, and
 * until its event is on the topic. Each change waits for the one before. Used by one thread.
 */
public final class LiveMeasurement implements AutoCloseable {

  private static final JsonMapper JSON = new JsonMapper();
  private static final String EVENTS = "patina.drift-events.v1";
  private static final Duration LIMIT = Duration.ofSeconds(60);
  private static final Duration EVENT_POLL = Duration.ofMillis(5);
  private static final long API_PAUSE_NANOS = Duration.ofMillis(2).toNanos();

  private final HttpClient http = HttpClient.newHttpClient();
  private final URI deviations;
  private final OpenPage openPage;
  private final KafkaConsumer<byte[], byte[]> events;

  /**
   * The times of all changes.
   *
   * @param opened from the change until the API shows the deviation
   * @param closed from the removal until the API no longer shows it
   * @param page from either until the open page has fetched itself and shows it
   * @param event from either until its event can be consumed
   */
  public record Times(Spread opened, Spread closed, Spread page, Spread event) {}

  /**
   * Prepares to watch one host.
   *
   * @param page the engine's address, ending with a slash
   * @param host the host's id
   * @throws IOException if its page does not tell what changes
   */
  public LiveMeasurement(URI page, String bootstrapServers, String host)
      throws IOException, InterruptedException {
    this.openPage = new OpenPage(page, host);
    this.deviations = page.resolve("api/v1/hosts/" + host + "/deviations?state=open&limit=20");
    this.events =
        new KafkaConsumer<>(
            Map.of(
                "bootstrap.servers",
                bootstrapServers,
                "enable.auto.commit",
                "false",
                "fetch.max.wait.ms",
                "100"),
            new ByteArrayDeserializer(),
            new ByteArrayDeserializer());
    List<TopicPartition> partitions =
        events.partitionsFor(EVENTS).stream()
            .map(p -> new TopicPartition(EVENTS, p.partition()))
            .toList();
    events.assign(partitions);
    events.seekToEnd(partitions);
    // The position is resolved now: what happens from here on is seen.
    partitions.forEach(events::position);
  }

  /**
   * Makes this many changes and leaves nothing behind. Every file appears and vanishes once: one
   * that did it again and again would be volatile, and its further changes would not be told.
   *
   * @param file how the files' names begin; none of them may exist
   * @param begin the same as the host sees it
   * @throws IOException if the file cannot be written, or a change is not seen within a minute
   */
  public Times run(Path file, String begin, int changes) throws IOException, InterruptedException {
    List<Long> opened = new ArrayList<>();
    List<Long> closed = new ArrayList<>();
    List<Long> page = new ArrayList<>();
    List<Long> event = new ArrayList<>();
    Path at = file;
    try {
      for (int i = 0; i < changes; i++) {
        boolean appears = i % 2 == 0;
        String key = begin + "-" + i / 2;
        at = file.resolveSibling(file.getFileName() + "-" + i / 2);
        openPage.expect(key, appears);
        long start = System.nanoTime();
        if (appears) {
          Files.writeString(at, "change " + i + "\n");
        } else {
          Files.delete(at);
        }
        (appears ? opened : closed).add(visible(key, appears, start));
        event.add(consumed(key, appears, start));
        page.add(openPage.shownAt() - start);
      }
    } finally {
      Files.deleteIfExists(at);
    }
    return new Times(
        Spread.ofNanos(opened),
        Spread.ofNanos(closed),
        Spread.ofNanos(page),
        Spread.ofNanos(event));
  }

  private long visible(String key, boolean open, long start)
      throws IOException, InterruptedException {
    while (isOpen(key) != open) {
      if (System.nanoTime() - start > LIMIT.toNanos()) {
        throw new IOException("the API has not shown the change of " + key + " within a minute");
      }
      LockSupport.parkNanos(API_PAUSE_NANOS);
    }
    return System.nanoTime() - start;
  }

  private boolean isOpen(String key) throws IOException, InterruptedException {
    HttpResponse<byte[]> answer =
        http.send(
            HttpRequest.newBuilder(deviations).build(), HttpResponse.BodyHandlers.ofByteArray());
    if (answer.statusCode() != 200) {
      throw new IOException("the API answers " + answer.statusCode());
    }
    for (JsonNode item : JSON.readTree(answer.body()).path("items")) {
      if (item.path("key").asText().equals(key)) {
        return true;
      }
    }
    return false;
  }

  /** Looked for after the API has shown the change: at least what that took, never too little. */
  private long consumed(String key, boolean open, long start) throws IOException {
    String type = open ? "io.patina.deviation.opened" : "io.patina.deviation.closed";
    while (System.nanoTime() - start < LIMIT.toNanos()) {
      for (ConsumerRecord<byte[], byte[]> record : events.poll(EVENT_POLL)) {
        Optional<JsonNode> event = parse(record.value());
        if (event.isPresent()
            && event.get().path("type").asText().equals(type)
            && event.get().path("data").path("key").asText().equals(key)) {
          return System.nanoTime() - start;
        }
      }
    }
    throw new IOException("no event of the change of " + key + " within a minute");
  }

  private static Optional<JsonNode> parse(byte[] value) throws IOException {
    return value == null ? Optional.empty() : Optional.of(JSON.readTree(value));
  }

  @Override
  public void close() {
    openPage.close();
    events.close();
    http.close();
  }
}
