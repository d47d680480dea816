package io.patina.engine.pages;

import io.patina.engine.problems.Problem;
import io.patina.engine.problems.Problems;
import io.quarkus.qute.Engine;
import jakarta.inject.Singleton;
import java.time.Instant;

/** Writes pages by their templates. */
@Singleton
final class Written implements Problems.Apology {

  private final Engine engine;

  Written(Engine engine) {
    this.engine = engine;
  }

  /**
   * A page.
   *
   * @param template its name under {@code templates/}
   * @param page the record that the template declares
   */
  String page(String template, Object page) {
    return engine.getTemplate(template + ".html").data("page", page).render();
  }

  @Override
  public String page(Problem problem) {
    return engine
        .getTemplate("apology.html")
        .data("title", problem.title())
        .data("detail", problem.detail())
        .data("now", Words.minute(Instant.now()))
        .render();
  }
}
