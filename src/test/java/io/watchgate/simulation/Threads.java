package io.watchgate.simulation;

import java.lang.reflect.Method;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// The virtual threads that there are. The JDK knows them, but shows them only in its dumps.
final class Threads {
  private Threads() {}

  static Set<Thread> virtual() throws ReflectiveOperationException {
    var containers = Class.forName("jdk.internal.vm.ThreadContainers");
    var root = open(containers.getMethod("root")).invoke(null);
    var threads = open(Class.forName("jdk.internal.vm.ThreadContainer").getMethod("threads"));
    return ((Stream<?>) threads.invoke(root))
        .map(Thread.class::cast)
        .filter(Thread::isVirtual)
        .collect(Collectors.toSet());
  }

  private static Method open(Method method) {
    method.setAccessible(true);
    return method;
  }
}
