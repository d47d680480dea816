package io.patina.engine;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

class FloorsTest {

  private final JavaClasses classes =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("io.patina.engine");

  @Test
  void roomsDoNotImportEachOther() {
    slices().matching("io.patina.engine.(*)..").should().beFreeOfCycles().check(classes);
  }

  @Test
  void whatReadersSeeKnowsNothingOfHowItIsWritten() {
    noClasses()
        .that()
        .resideInAnyPackage(
            "io.patina.engine.database..",
            "io.patina.engine.outbox..",
            "io.patina.engine.state..",
            "io.patina.engine.history..",
            "io.patina.engine.deviations..",
            "io.patina.engine.judge..",
            "io.patina.engine.catalogue..",
            "io.patina.engine.ingest..",
            "io.patina.engine.webhooks..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "io.patina.engine.fleet..",
            "io.patina.engine.pages..",
            "io.patina.engine.metrics..",
            "io.patina.engine.access..",
            "io.patina.engine.problems..")
        .check(classes);
  }

  @Test
  void theJudgeAndTheDecoderArePure() {
    noClasses()
        .that()
        .resideInAnyPackage("io.patina.engine.judge..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("java.sql..", "org.apache.kafka..", "java.io..", "java.nio.file..")
        .check(classes);
  }
}
