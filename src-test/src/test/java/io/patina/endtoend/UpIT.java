package io.patina.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.patina.endtoend.line.Api;
import io.patina.endtoend.line.Await;
import io.patina.endtoend.line.LocalStack;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a newcomer types: up, again up, down. On the machine that runs the tests, as it is. */
class UpIT {

  @Test
  void upEndsWithTheVerdictOfThisHostAndASecondUpResumes() throws Exception {
    Path directory = Path.of("target", "lines", "up").toAbsolutePath();
    LocalStack stack = new LocalStack(directory);
    stack.purge();
    try {
      LocalStack.Ended first = stack.run("up", "--detach", "--port", stack.port());
      assertEquals(0, first.code(), first.output());
      Api api = stack.api();
      JsonNode host = only(api.hosts());
      String sentence = host.path("sentence").asText();
      assertFalse(sentence.isEmpty());
      assertTrue(first.output().contains(sentence), first.output());
      assertTrue(
          List.of("conforming", "drifting", "artisanal").contains(host.path("verdict").asText()),
          host::toString);
      assertNotEquals("", host.path("recommendation").asText());
      Api.Answer page = api.get("hosts/" + host.path("id").asText());
      assertEquals(200, page.status());
      assertTrue(page.body().contains(sentence), "the page does not say: " + sentence);

      List<JsonNode> before = api.timeline(host.path("id").asText());
      assertEquals(0, stack.run("down").code());
      LocalStack.Ended second = stack.run("up", "--detach");
      assertEquals(0, second.code(), second.output());
      assertEquals(host.path("id"), only(api.hosts()).path("id"));
      assertEquals(host.path("installation"), only(api.hosts()).path("installation"));
      List<String> after =
          api.timeline(host.path("id").asText()).stream().map(e -> e.path("id").asText()).toList();
      before.forEach(e -> assertTrue(after.contains(e.path("id").asText()), e::toString));
      Await.until(
          "its restart is part of its history",
          Duration.ofSeconds(60),
          () -> api.timeline(host.path("id").asText()).size() > before.size());
    } finally {
      stack.purge();
    }
    assertFalse(Files.exists(directory), "down --purge left something");
  }

  private static JsonNode only(List<JsonNode> hosts) {
    assertEquals(1, hosts.size(), hosts::toString);
    return hosts.getFirst();
  }
}
