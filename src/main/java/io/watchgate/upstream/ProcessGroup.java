package io.watchgate.upstream;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Signals to a whole process group: kill(2) with a negative id, which the JDK has no call for.
final class ProcessGroup {
  static final int TERMINATE = 15;
  static final int KILL = 9;
  private static final Logger log = LoggerFactory.getLogger(ProcessGroup.class);

  private ProcessGroup() {}

  /// Signals every process of the group; one that is gone already is fine.
  static void signal(long leader, int signal) {
    try {
      int _ = (int) Holder.KILL_FUNCTION.invokeExact((int) -leader, signal);
    } catch (Throwable unsupported) { // supervised edge: the caller also ends the leader by itself
      log.debug("cannot signal process group {}", leader, unsupported);
    }
  }

  /// Links on first use, so that a gateway without children does not pay for it.
  private static final class Holder {
    static final MethodHandle KILL_FUNCTION = link();

    @SuppressWarnings("restricted") // the launcher allows native access to this module
    private static MethodHandle link() {
      var linker = Linker.nativeLinker();
      return linker.downcallHandle(
          linker.defaultLookup().findOrThrow("kill"),
          FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));
    }
  }
}
