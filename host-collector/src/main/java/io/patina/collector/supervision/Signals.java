package io.patina.collector.supervision;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;

/**
 * Signals that mean something other than the end. The JDK's own class for them is in the supported
 * module jdk.unsupported but not in its documented interface, so that the compiler warns of every
 * use: it is found by name.
 */
public final class Signals {
  private Signals() {}

  /**
   * Runs an action, on a thread of the JVM, whenever this process gets the signal.
   *
   * @param name without SIG, such as {@code HUP}
   * @return false if this JVM cannot hear it; the signal does then what it does by default
   */
  public static boolean on(String name, Runnable action) {
    try {
      Class<?> signal = Class.forName("sun.misc.Signal");
      Class<?> handler = Class.forName("sun.misc.SignalHandler");
      Object listener =
          Proxy.newProxyInstance(
              Signals.class.getClassLoader(),
              new Class<?>[] {handler},
              (proxy, method, arguments) -> {
                if (method.getName().equals("handle")) {
                  action.run();
                  return null;
                }
                return ofObject(proxy, method, arguments);
              });
      Object named = signal.getConstructor(String.class).newInstance(name);
      Object unused = signal.getMethod("handle", signal, handler).invoke(null, named, listener);
      return true;
    } catch (ReflectiveOperationException | IllegalArgumentException e) {
      if (e instanceof InvocationTargetException thrown && thrown.getCause() instanceof Error bad) {
        throw bad;
      }
      return false;
    }
  }

  private static Object ofObject(Object proxy, Method method, Object[] arguments) {
    return switch (method.getName()) {
      case "equals" -> proxy == arguments[0];
      case "hashCode" -> System.identityHashCode(proxy);
      default -> "signal handler of the collector";
    };
  }
}
