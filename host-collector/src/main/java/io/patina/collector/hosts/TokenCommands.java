package io.patina.collector.hosts;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.patina.collector.asking.Answer;
import io.patina.collector.asking.Asking;
import io.patina.collector.asking.CommandFailure;
import io.patina.collector.asking.Engine;
import io.patina.collector.disk.DurableFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Enrolment tokens. */
final class TokenCommands {
  private TokenCommands() {}

  /** {@code host token}. */
  @Command(
      name = "token",
      description = {
        "Makes an enrolment token: for one host, or for a number of new ones.",
        "Its text is shown this once, or written to a file that only its owner reads."
      },
      mixinStandardHelpOptions = true)
  static final class Make implements Callable<Integer> {
    /** Which host. */
    static final class Whose {
      @Option(
          names = "--host",
          paramLabel = "HOST",
          description = "For the next life of this host: its name or id.")
      private @Nullable String host;

      @Option(
          names = "--name",
          paramLabel = "NAME",
          description = "For the host to which this name is assigned; made if there is none.")
      private @Nullable String name;
    }

    @ArgGroup(exclusive = true)
    private @Nullable Whose whose;

    @Mixin private Placing placing = new Placing();

    @Option(
        names = "--uses",
        paramLabel = "N",
        description = "How many installations it lets in (default: 1).")
    private @Nullable Integer uses;

    @Option(
        names = "--hours",
        paramLabel = "N",
        description = "How long it is valid (default: 24).")
    private @Nullable Integer hours;

    @Option(names = "--note", paramLabel = "TEXT", description = "What it is for.")
    private @Nullable String note;

    @Option(
        names = "--output",
        paramLabel = "FILE",
        description = "Where to write it, for enrolment.token-file.")
    private @Nullable Path output;

    @Mixin private Engine engine = new Engine();

    @Mixin private Answer answer = new Answer.ByFormat();

    @Override
    public Integer call() throws CommandFailure, IOException {
      ObjectNode wish = JsonNodeFactory.instance.objectNode();
      Whose of = whose;
      if (of != null && of.host != null) {
        wish.put("host", engine.host(of.host));
      }
      if (of != null) {
        put(wish, "name", of.name);
      }
      placing.write(wish);
      if (uses != null) {
        wish.put("uses", uses);
      }
      if (hours != null) {
        wish.put("hours", hours);
      }
      put(wish, "note", note);
      Engine.Reply reply = engine.post("api/v1/enrolment-tokens", wish);
      if (!reply.succeeded()) {
        throw new CommandFailure(reply.problem());
      }
      JsonNode made = reply.body();
      Path file = output;
      if (file != null) {
        String text = made.path("token").asText();
        DurableFile.replace(file, (text + "\n").getBytes(StandardCharsets.US_ASCII));
        ((ObjectNode) made).remove("token");
      }
      answer.give(
          made,
          () -> {
            if (file == null) {
              answer.line(made.path("token").asText());
            } else {
              answer.line("token " + made.path("id").asText() + " is in " + file);
            }
          });
      return 0;
    }

    private static void put(ObjectNode wish, String name, @Nullable String value) {
      if (value != null) {
        wish.put(name, value);
      }
    }
  }

  /** {@code host tokens}. */
  @Command(name = "tokens", description = "Enrolment tokens, without their text.")
  static final class Listing extends ListCommand {
    @Override
    String path(Engine engine) {
      return "api/v1/enrolment-tokens";
    }

    @Override
    String line(JsonNode i) {
      return i.path("id").asText()
          + " by "
          + i.path("createdBy").asText()
          + ", used "
          + i.path("used").asInt()
          + " of "
          + i.path("uses").asInt()
          + ", until "
          + i.path("expiresAt").asText()
          + (i.has("revokedAt") ? ", revoked" : "")
          + (i.path("note").asText().isEmpty() ? "" : ": " + i.path("note").asText());
    }
  }

  /** {@code host revoke-token}. */
  @Command(
      name = "revoke-token",
      description = "Revokes an enrolment token. Whom it has let in stays.")
  static final class Revoke extends Asking {
    @Parameters(paramLabel = "ID", description = "Of the token.")
    private String id = "";

    @Override
    protected Engine.Reply ask(Engine asked) throws CommandFailure {
      return asked.delete("api/v1/enrolment-tokens/" + Engine.encoded(id));
    }

    @Override
    protected List<String> lines(JsonNode said) {
      return List.of(id + " is revoked");
    }
  }
}
