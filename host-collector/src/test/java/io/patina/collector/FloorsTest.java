package io.patina.collector;

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

  private static final String HOUSE = "io.patina.collector.";

  /** From the ground up. A room that knows another stands above it, and so there are no circles. */
  private static final List<Set<String>> FLOORS =
      List.of(
          Set.of("syscalls", "mounts", "disk", "bench", "asking"),
          Set.of("files", "identity", "spool", "writers", "supervision", "embedded"),
          Set.of("watching"),
          Set.of("kernel", "os", "units", "inventory", "delivery", "reports", "settings"),
          Set.of("scanning"),
          Set.of("dpkg", "rpm", "live"),
          Set.of("packages", "metrics"),
          Set.of("capture", "shipped"),
          Set.of("publishing", "images"),
          Set.of("agent", "baseline"),
          Set.of("decisions"),
          Set.of("hosts"),
          Set.of("commands"));

  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("io.patina.collector");

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
  void eachLibraryIsKnownToOneRoomOnly() {
    onlyIn(new String[] {HOUSE + "syscalls"}, "com.sun.jna..");
    onlyIn(new String[] {HOUSE + "delivery"}, "org.apache.kafka..");
    onlyIn(new String[] {HOUSE + "rpm"}, "org.sqlite..", "java.sql..");
    onlyIn(new String[] {HOUSE + "units", HOUSE + "supervision"}, "org.freedesktop..");
    onlyIn(new String[] {HOUSE + "metrics"}, "io.prometheus..");
    onlyIn(
        new String[] {
          HOUSE + "commands",
          HOUSE + "baseline",
          HOUSE + "decisions",
          HOUSE + "hosts",
          HOUSE + "asking"
        },
        "picocli..");
  }

  @Test
  void theCollectorNeverSeesTheEngine() {
    noClasses()
        .should()
        .dependOnClassesThat()
        .resideInAPackage("io.patina.engine..")
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
