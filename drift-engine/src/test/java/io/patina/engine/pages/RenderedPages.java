package io.patina.engine.pages;

import io.quarkus.qute.Engine;
import io.quarkus.qute.EvalContext;
import io.quarkus.qute.HtmlEscaper;
import io.quarkus.qute.Results;
import io.quarkus.qute.TemplateLocator.TemplateLocation;
import io.quarkus.qute.ValueResolver;
import io.quarkus.qute.Variant;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** The templates, written by Qute alone, escaping as in the engine. */
final class RenderedPages {

  private final Engine engine =
      Engine.builder()
          .addDefaults()
          .addValueResolver(new Accessors())
          .addResultMapper(new HtmlEscaper(List.of("text/html")))
          .addLocator(RenderedPages::locate)
          .strictRendering(true)
          .build();

  String page(String template, Object page) {
    return engine.getTemplate(template + ".html").data("page", page).render();
  }

  private static Optional<TemplateLocation> locate(String name) {
    String file = "/templates/" + (name.endsWith(".html") ? name : name + ".html");
    if (RenderedPages.class.getResource(file) == null) {
      return Optional.empty();
    }
    return Optional.of(
        new TemplateLocation() {
          @Override
          public Reader read() {
            InputStream in = RenderedPages.class.getResourceAsStream(file);
            if (in == null) {
              throw new UncheckedIOException(new IOException("no " + file));
            }
            return new InputStreamReader(in, StandardCharsets.UTF_8);
          }

          @Override
          public Optional<Variant> getVariant() {
            return Optional.of(Variant.forContentType("text/html"));
          }
        });
  }

  /** Record accessors, of records that only their package sees too. */
  private static final class Accessors implements ValueResolver {
    @Override
    public boolean appliesTo(EvalContext context) {
      return context.getBase() instanceof Record && context.getParams().isEmpty();
    }

    @Override
    public CompletionStage<Object> resolve(EvalContext context) {
      Object base = context.getBase();
      try {
        Method accessor = base.getClass().getDeclaredMethod(context.getName());
        accessor.setAccessible(true);
        return CompletableFuture.completedFuture(accessor.invoke(base));
      } catch (NoSuchMethodException e) {
        return Results.notFound(context);
      } catch (IllegalAccessException | InvocationTargetException e) {
        return CompletableFuture.failedFuture(e);
      }
    }
  }
}
