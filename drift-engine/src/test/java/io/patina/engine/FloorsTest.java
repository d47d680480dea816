package io.patina.engine;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** The rooms of this module have floors: a room knows only those on floors below its own. */
class FloorsTest {

  private static final String HOUSE = "io.patina.engine.";

  /** From the ground up. A room that knows another stands above it, and so there are no circles. */
  private static final List<Set<String>> FLOORS =
      List.of(
          Set.of("database", "problems"),
          Set.of("audit"),
          Set.of("state", "access", "outbox"),
          Set.of("life", "decisions", "stores"),
          Set.of("rollout"),
          Set.of("catalogue", "history"),
          Set.of("waivers", "maintenance", "retirement"),
          Set.of("inforce"),
          Set.of("fleet", "deviations", "webhooks", "selection"),
          Set.of("reports"),
          Set.of("judge", "enrolment"),
          Set.of("pools"),
          Set.of("ingest"),
          Set.of("preview", "reading"),
          Set.of("pages"),
          Set.of("metrics"));

  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("io.patina.engine");

  @Test
  void aRoomKnowsOnlyTheRoomsBelowIt() {
    Map<String, Integer> floorOf = new HashMap<>();
    for (int i = 0; i < FLOORS.size(); i++) {
      for (String room : FLOORS.get(i)) {
        floorOf.put(room, i);
      }
    }
    Set<String> unknown = new TreeSet<>();
    Set<String> upwards = new TreeSet<>();
    for (JavaClass c : CLASSES) {
      Optional<String> room = room(c);
      room.filter(r -> !floorOf.containsKey(r)).ifPresent(unknown::add);
      for (Dependency d : c.getDirectDependenciesFromSelf()) {
        Optional<String> other = room(d.getTargetClass().getBaseComponentType());
        if (room.isPresent() && other.isPresent() && !room.equals(other)) {
          int from = floorOf.getOrDefault(room.get(), Integer.MAX_VALUE);
          int to = floorOf.getOrDefault(other.get(), -1);
          if (from <= to) {
            upwards.add(d.getDescription());
          }
        }
      }
    }
    assertEquals(Set.of(), unknown, "rooms without a floor: give them one");
    assertEquals(Set.of(), upwards);
  }

  @Test
  void roomsAreNamedForTheThingInThem() {
    noClasses()
        .should()
        .resideInAnyPackage(
            "..util..",
            "..utils..",
            "..common..",
            "..helper..",
            "..helpers..",
            "..manager..",
            "..impl..",
            "..dto..",
            "..service..",
            "..misc..")
        .check(CLASSES);
  }

  @Test
  void kafkaIsKnownToTheRoomsThatReadOrSend() {
    onlyIn(
        new String[] {HOUSE + "catalogue", HOUSE + "reading", HOUSE + "reports", HOUSE + "outbox"},
        "org.apache.kafka..");
    onlyIn(new String[] {HOUSE + "metrics"}, "io.prometheus..");
    onlyIn(new String[] {HOUSE + "pages"}, "io.quarkus.qute..");
  }

  @Test
  void theEngineNeverSeesTheCollector() {
    noClasses()
        .should()
        .dependOnClassesThat()
        .resideInAPackage("io.patina.collector..")
        .check(CLASSES);
  }

  @Test
  void whatDecidesIsPlainJava() {
    noClasses()
        .that()
        .resideInAPackage(HOUSE + "judge")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("java.sql..", "org.apache.kafka..", "jakarta.ws..")
        .check(CLASSES);
  }

  private static void onlyIn(String[] rooms, String... libraries) {
    noClasses()
        .that()
        .resideOutsideOfPackages(rooms)
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(libraries)
        .check(CLASSES);
  }

  private static Optional<String> room(JavaClass c) {
    String name = c.getPackageName() + ".";
    if (!name.startsWith(HOUSE) || name.equals(HOUSE)) {
      return Optional.empty();
    }
    return Optional.of(name.substring(HOUSE.length(), name.indexOf('.', HOUSE.length())));
  }
}
