package io.patina.collector.hosts;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.patina.collector.asking.Asking;
import io.patina.collector.asking.CommandFailure;
import io.patina.collector.asking.Engine;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** A decision about an installation or a host, asked of the engine. */
abstract class DecisionCommand extends Asking.Deciding {
  /** Asks for it. */
  abstract Engine.Reply ask(Engine engine, ObjectNode body) throws CommandFailure;

  /** What was done, as a sentence. */
  abstract String done();

  @Override
  protected Engine.Reply ask(Engine asked) throws CommandFailure {
    return ask(asked, body());
  }

  @Override
  protected List<String> lines(JsonNode said) {
    return List.of(done());
  }

  private static String installation(String id, String step) {
    return "api/v1/installations/" + Engine.encoded(id) + "/" + step;
  }

  /** {@code host approve}. */
  @Command(
      name = "approve",
      description = "Lets an installation whose key was only pinned into its pool.")
  static final class Approve extends DecisionCommand {
    @Parameters(paramLabel = "INSTALLATION", description = "Its id.")
    private String id = "";

    @Mixin private Placing placing = new Placing();

    @Override
    Engine.Reply ask(Engine engine, ObjectNode body) throws CommandFailure {
      placing.write(body);
      return engine.post(installation(id, "approval"), body);
    }

    @Override
    String done() {
      return id + " is approved";
    }
  }

  /** {@code host revoke}. */
  @Command(
      name = "revoke",
      description = "Takes nothing more of an installation, from its next report on.")
  static final class Revoke extends DecisionCommand {
    @Parameters(paramLabel = "INSTALLATION", description = "Its id.")
    private String id = "";

    @Override
    Engine.Reply ask(Engine engine, ObjectNode body) throws CommandFailure {
      return engine.post(installation(id, "revocation"), body);
    }

    @Override
    String done() {
      return id + " is revoked";
    }
  }

  /** {@code host join}. */
  @Command(
      name = "join",
      description = "Says that an installation is the next life of a host, as after a reimage.")
  static final class Join extends DecisionCommand {
    @Parameters(paramLabel = "INSTALLATION", description = "Its id.")
    private String id = "";

    @Option(names = "--host", required = true, paramLabel = "HOST", description = "Its name or id.")
    private String host = "";

    @Override
    Engine.Reply ask(Engine engine, ObjectNode body) throws CommandFailure {
      return engine.post(installation(id, "join"), body.put("host", engine.host(host)));
    }

    @Override
    String done() {
      return id + " is the life of " + host + " now";
    }
  }

  /** {@code host admit}. */
  @Command(
      name = "admit",
      description = "Lets an installation in that reports and is refused, with its next report.")
  static final class Admit extends DecisionCommand {
    @Parameters(paramLabel = "INSTALLATION", description = "Its id.")
    private String id = "";

    @Option(
        names = "--key",
        required = true,
        paramLabel = "HEX",
        description = "Name of its key, as the host itself shows it.")
    private String key = "";

    @Option(
        names = "--host",
        paramLabel = "HOST",
        description =
            "Name or id of the host that it is the next life of; one of its own if not given.")
    private @Nullable String host;

    @Mixin private Placing placing = new Placing();

    @Override
    Engine.Reply ask(Engine engine, ObjectNode body) throws CommandFailure {
      body.put("key", key);
      String of = host;
      if (of != null) {
        body.put("host", engine.host(of));
      }
      placing.write(body);
      return engine.post("api/v1/knocking/" + Engine.encoded(id) + "/admission", body);
    }

    @Override
    String done() {
      return id + " is let in with its next report";
    }
  }

  /** {@code host label}. */
  @Command(name = "label", description = "Assigns labels to a host, instead of those that it has.")
  static final class Label extends DecisionCommand {
    @Parameters(index = "0", paramLabel = "HOST", description = "Its name or id.")
    private String host = "";

    @Parameters(
        index = "1..*",
        arity = "0..*",
        paramLabel = "NAME=VALUE",
        description = "All labels that it is to have; none: it has none.")
    private Map<String, String> labels = new LinkedHashMap<>();

    @Option(names = "--pool", paramLabel = "POOL", description = "Another pool.")
    private @Nullable String pool;

    @Override
    Engine.Reply ask(Engine engine, ObjectNode body) throws CommandFailure {
      ObjectNode all = body.putObject("labels");
      labels.forEach(all::put);
      if (pool != null) {
        body.put("pool", pool);
      }
      return engine.put("api/v1/hosts/" + engine.host(host) + "/labels", body);
    }

    @Override
    String done() {
      return host + " has its labels";
    }
  }
}
