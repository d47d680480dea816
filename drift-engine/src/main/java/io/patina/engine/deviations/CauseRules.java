package io.patina.engine.deviations;

import com.google.protobuf.ByteString;
import io.patina.facts.Facet;
import io.patina.facts.FactKey;
import io.patina.scope.Glob;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** The patterns of {@link CauseConfig}, ready to be used. */
@Singleton
public final class CauseRules {

  /** What a process's name says of it. */
  enum Trade {
    PACKAGE_MANAGER,
    CONFIG_MANAGEMENT,
    PROVISIONING,
    IMAGE_UPDATE,
    EDITOR
  }

  /** A name that a list knows. */
  record Known(Trade trade, String name) {

    /** Whose doing it is: the modules of one run are one tool's. */
    String tool() {
      String lower = name.toLowerCase(Locale.ROOT);
      return TOOLS.entrySet().stream()
          .filter(t -> lower.startsWith(t.getKey()))
          .map(Map.Entry::getValue)
          .findFirst()
          .orElse(name);
    }
  }

  /** Tools by how the names of their parts begin. */
  private static final Map<String, String> TOOLS =
      Map.of(
          "ansi", "ansible",
          "puppet", "puppet",
          "pxp-agent", "puppet",
          "chef-", "chef",
          "cinc-", "chef",
          "salt-", "salt",
          "cf-", "cfengine",
          "cloud-init", "cloud-init",
          "rpm-ostree", "rpm-ostree");

  private final CauseConfig config;
  private final Unrest.Rules unrest;
  private final List<Glob> critical;
  private final List<Glob> packageManagers;
  private final List<Glob> configManagement;
  private final List<Glob> configManagementUnits;
  private final List<Glob> provisioning;
  private final List<Glob> provisioningUnits;
  private final List<Glob> imageUpdates;
  private final List<Glob> debugContainers;
  private final List<Glob> containerRuntimes;
  private final List<Glob> editors;
  private final List<Glob> sessionUnits;

  /**
   * @throws IllegalArgumentException if a pattern is none; the message says which setting
   */
  public CauseRules(CauseConfig config) {
    this.config = config;
    unrest =
        new Unrest.Rules(config.volatileChanges(), config.volatileWithin(), config.volatileCalm());
    critical = globs("critical", config.critical());
    packageManagers = globs("package-managers", config.packageManagers());
    configManagement = globs("config-management", config.configManagement());
    configManagementUnits = globs("config-management-units", config.configManagementUnits());
    provisioning = globs("provisioning", config.provisioning());
    provisioningUnits = globs("provisioning-units", config.provisioningUnits());
    imageUpdates = globs("image-updates", config.imageUpdates());
    debugContainers = globs("debug-containers", config.debugContainers());
    containerRuntimes = globs("container-runtimes", config.containerRuntimes());
    editors = globs("editors", config.editors());
    sessionUnits = globs("session-units", config.sessionUnits());
  }

  /** From when on a fact is volatile. */
  Unrest.Rules unrest() {
    return unrest;
  }

  /** Whether causes wait at all before they are told. */
  boolean settles() {
    return !config.settle().isZero();
  }

  private static List<Glob> globs(String setting, List<String> patterns) {
    return patterns.stream().map(p -> glob(setting, p)).toList();
  }

  private static Glob glob(String setting, String pattern) {
    try {
      return Glob.of(pattern);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "patina.causes." + setting + ": '" + pattern + "': " + e.getMessage(), e);
    }
  }

  Duration settle() {
    return config.settle();
  }

  Duration together() {
    return config.together();
  }

  Duration longestPending() {
    return config.longestPending();
  }

  /** Whether a deviation of this key is told at once. */
  boolean isCritical(FactKey key) {
    return key.facet().equals(Facet.FILE.wireName())
        && critical.stream().anyMatch(g -> g.matches(key.name()));
  }

  /** What the nearest name among a process and its ancestors says that any list knows. */
  Optional<Known> trade(WrittenBy writer) {
    return writer.names().stream().flatMap(n -> trade(n).stream()).findFirst();
  }

  private Optional<Known> trade(String name) {
    if (any(packageManagers, name)) {
      return Optional.of(new Known(Trade.PACKAGE_MANAGER, name));
    }
    if (any(configManagement, name)) {
      return Optional.of(new Known(Trade.CONFIG_MANAGEMENT, name));
    }
    if (any(provisioning, name)) {
      return Optional.of(new Known(Trade.PROVISIONING, name));
    }
    if (any(imageUpdates, name)) {
      return Optional.of(new Known(Trade.IMAGE_UPDATE, name));
    }
    return any(editors, name) ? Optional.of(new Known(Trade.EDITOR, name)) : Optional.empty();
  }

  /** What the unit says, where no name did. */
  Optional<Known> tradeOfUnit(WrittenBy writer) {
    if (any(configManagementUnits, writer.unit())) {
      return Optional.of(new Known(Trade.CONFIG_MANAGEMENT, writer.unit()));
    }
    return any(provisioningUnits, writer.unit())
        ? Optional.of(new Known(Trade.PROVISIONING, writer.unit()))
        : Optional.empty();
  }

  /** Whether people debug hosts with it. */
  boolean isDebugContainer(WrittenBy writer) {
    return any(debugContainers, writer.pod())
        || any(debugContainers, writer.image())
        || any(debugContainers, writer.container());
  }

  /** Whether it runs containers and is not what runs in them. */
  boolean isContainerRuntime(WrittenBy writer) {
    return any(containerRuntimes, writer.command());
  }

  /** Whether it descends from a login. */
  boolean isSession(WrittenBy writer) {
    return writer.loginUser().isPresent() || any(sessionUnits, writer.unit());
  }

  private static boolean any(List<Glob> patterns, String text) {
    if (text.isEmpty()) {
      return false;
    }
    ByteString bytes = ByteString.copyFromUtf8(text);
    return patterns.stream().anyMatch(g -> g.matches(bytes));
  }
}
