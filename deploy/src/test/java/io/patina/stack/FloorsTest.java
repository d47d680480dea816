package io.patina.stack;

import static com.tngtech.archunit.library.Architectures.layeredArchitecture;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

class FloorsTest {
  private final JavaClasses classes =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("io.patina.stack");

  @Test
  void brokerAndDatabaseKnowNeitherEachOtherNorTheLine() {
    layeredArchitecture()
        .consideringOnlyDependenciesInLayers()
        .layer("line")
        .definedBy("io.patina.stack.line..")
        .layer("broker")
        .definedBy("io.patina.stack.broker..")
        .layer("database")
        .definedBy("io.patina.stack.database..")
        .layer("latency")
        .definedBy("io.patina.stack.latency..")
        .whereLayer("line")
        .mayNotBeAccessedByAnyLayer()
        .whereLayer("broker")
        .mayOnlyBeAccessedByLayers("line")
        .layer("fleetload")
        .definedBy("io.patina.stack.fleetload..")
        .whereLayer("fleetload")
        .mayOnlyBeAccessedByLayers("line")
        .whereLayer("latency")
        .mayOnlyBeAccessedByLayers("line", "fleetload")
        .whereLayer("database")
        .mayOnlyBeAccessedByLayers("line")
        .check(classes);
  }
}
