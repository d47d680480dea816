package io.patina.collector.units;

import com.google.protobuf.ByteString;
import io.patina.facts.Attributes;
import io.patina.facts.Entry;
import io.patina.facts.Facet;
import io.patina.facts.FactKey;
import io.patina.facts.UnitFact;
import io.patina.manifest.Digest;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;

/**
 * Puts together what files and the manager say, so that the facts of an idle host do not change.
 *
 * <p>systemd forgets units that do nothing and loads them when somebody asks: a unit that is not in
 * memory is therefore stated as what it is then, inactive and dead.
 */
final class UnitFacts {
  private final UnitFiles files;
  private final Presets presets;
  private final Optional<Running.Answer> running;
  private final Set<String> triggered = new HashSet<>();

  UnitFacts(UnitFiles files, Presets presets, Running running) {
    this.files = files;
    this.presets = presets;
    this.running =
        running instanceof Running.Answer answer ? Optional.of(answer) : Optional.empty();
  }

  List<Entry> make() {
    SortedSet<String> names = files.names();
    running.ifPresent(
        r ->
            r.units()
                .forEach(
                    (name, state) -> {
                      if (!state.isTransient() && !state.load().equals("not-found")) {
                        names.add(name);
                      }
                    }));
    names.forEach(n -> trigger(new UnitName(n)));
    List<Entry> out = new ArrayList<>();
    for (String name : names) {
      UnitName unit = new UnitName(name);
      Optional<UnitFile> file = files.get(unit);
      if (!unit.isOfSession() && (!unit.isInstance() || stays(unit, file))) {
        out.add(Entry.of(new UnitFact(FactKey.of(Facet.UNIT, name), attributes(unit, file))));
      }
    }
    return out;
  }

  /** Notes what an active timer, path or socket starts. */
  private void trigger(UnitName unit) {
    boolean active = state(unit).filter(s -> s.active().equals("active")).isPresent();
    String key =
        switch (unit.type()) {
          case "timer" -> "Timer.Unit";
          case "path" -> "Path.Unit";
          case "socket" -> "Socket.Service";
          default -> "";
        };
    if (active && !key.isEmpty()) {
      Optional<UnitFile> file = files.get(unit);
      Optional<String> named = file.flatMap(f -> f.text().get(key));
      triggered.add(named.orElse(unit.stem() + ".service"));
      // With Accept=yes every connection is an instance of the template.
      triggered.add(unit.stem() + "@.service");
    }
  }

  /** Whether an instance is there for longer than one piece of work. */
  private boolean stays(UnitName unit, Optional<UnitFile> file) {
    if (files.linked(unit.whole()).isPresent()) {
      return true;
    }
    Optional<RunState> state = state(unit);
    boolean failed = state.filter(s -> s.active().equals("failed")).isPresent();
    boolean active = state.filter(s -> s.active().equals("active")).isPresent();
    return failed || (active && !runsOnDemand(unit, file));
  }

  private Attributes attributes(UnitName unit, Optional<UnitFile> file) {
    Attributes.Builder out = new Attributes.Builder();
    out.text("enablement", enablement(unit, file));
    if (file.isEmpty()) {
      run(unit, file, out);
      return out.build();
    }
    UnitFile there = file.get();
    out.text("fragment-path", there.path());
    if (there.aliasOf().isPresent() && !unit.isInstance()) {
      // Its state is that of the unit it stands for.
      out.text("alias-of", there.aliasOf().get());
      return out.build();
    }
    out.text("masked", there.masked() ? "yes" : "no");
    out.bytes("fragment", Digest.of(there.content()).bytes());
    out.bytes("dropins", digest(there.dropIns()));
    if (!there.masked()) {
      out.text("preset", presets.of(unit));
    }
    run(unit, file, out);
    return out.build();
  }

  /** SHA-256 over names and contents, in order; that of nothing where there are none. */
  private static ByteString digest(Map<String, ByteString> dropIns) {
    ByteString all = ByteString.EMPTY;
    for (Map.Entry<String, ByteString> d : dropIns.entrySet()) {
      all =
          all.concat(ByteString.copyFromUtf8(d.getKey() + "\0" + d.getValue().size() + "\0"))
              .concat(d.getValue());
    }
    return Digest.of(all).bytes();
  }

  private String enablement(UnitName unit, Optional<UnitFile> file) {
    Optional<String> told =
        running.flatMap(r -> Optional.ofNullable(r.fileStates().get(unit.whole())));
    if (told.isPresent()) {
      return told.get();
    }
    if (file.filter(UnitFile::masked).isPresent()) {
      return "masked";
    }
    Optional<String> linked = files.linked(unit.whole());
    if (linked.isPresent()) {
      return linked.get();
    }
    if (file.flatMap(UnitFile::aliasOf).isPresent() && !unit.isInstance()) {
      return "alias";
    }
    if (file.filter(f -> f.path().startsWith("/run/systemd/generator")).isPresent()) {
      return "generated";
    }
    return file.filter(f -> f.text().installs()).isPresent() ? "disabled" : "static";
  }

  /** How it runs; nothing where no manager was asked. */
  private void run(UnitName unit, Optional<UnitFile> file, Attributes.Builder out) {
    if (running.isEmpty() || unit.isTemplate()) {
      return;
    }
    boolean masked = file.filter(UnitFile::masked).isPresent();
    RunState state =
        state(unit)
            .orElse(new RunState(masked ? "masked" : "loaded", "inactive", "dead", false, false));
    out.text("load", state.load());
    out.text("needs-reload", state.needsReload() ? "yes" : "no");
    if (runsOnDemand(unit, file)) {
      out.text("failed", state.active().equals("failed") ? "yes" : "no");
      return;
    }
    out.text(
        "active",
        switch (state.active()) {
          // Does its work all the while.
          case "reloading", "refreshing" -> "active";
          default -> state.active();
        });
    if (unit.type().equals("service")) {
      out.text("sub", state.sub());
    }
  }

  /** Whether its running says nothing of the host: it is done when asked, and then over. */
  private boolean runsOnDemand(UnitName unit, Optional<UnitFile> file) {
    if (unit.type().equals("target")) {
      return true;
    }
    if (!unit.type().equals("service")) {
      return false;
    }
    boolean started =
        triggered.contains(unit.whole())
            || unit.template().filter(t -> triggered.contains(t.whole())).isPresent();
    Optional<UnitText> text = file.map(UnitFile::text);
    boolean byBus =
        text.flatMap(t -> t.get("Service.BusName")).isPresent()
            && text.filter(UnitText::installs).isEmpty()
            && !files.isWanted(unit.whole());
    return started || byBus || text.filter(UnitText::isOneshot).isPresent();
  }

  private Optional<RunState> state(UnitName unit) {
    return running.flatMap(r -> Optional.ofNullable(r.units().get(unit.whole())));
  }
}
