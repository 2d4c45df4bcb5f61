package io.watchgate.telemetry;

import com.sun.management.OperatingSystemMXBean;
import com.sun.management.UnixOperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryUsage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// How the process and its virtual machine are, under the names that Prometheus clients give it.
public final class Machine {
  private static final double NANOS_PER_SECOND = TimeUnit.SECONDS.toNanos(1);
  private static final double MILLIS_PER_SECOND = TimeUnit.SECONDS.toMillis(1);
  private static final Path STATUS = Path.of("/proc/self/status");
  private static final long KIB = 1024;

  private final List<Family> families = new ArrayList<>();

  private Machine() {}

  public static List<Family> families() {
    var machine = new Machine();
    machine.process();
    machine.memory();
    machine.garbage();
    machine.threads();
    return machine.families;
  }

  private void process() {
    var system = ManagementFactory.getOperatingSystemMXBean();
    if (system instanceof OperatingSystemMXBean known) {
      families.add(
          Family.counter("process_cpu_seconds_total", "Time that processors worked for it.")
              .add(Math.max(0, known.getProcessCpuTime()) / NANOS_PER_SECOND)
              .build());
    }
    gauge(
        "process_start_time_seconds",
        "When it started, in seconds since 1970.",
        ManagementFactory.getRuntimeMXBean().getStartTime() / MILLIS_PER_SECOND);
    if (system instanceof UnixOperatingSystemMXBean unix) {
      gauge(
          "process_open_fds",
          "Files and connections that are open.",
          (double) unix.getOpenFileDescriptorCount());
      gauge(
          "process_max_fds",
          "Files and connections that may be open.",
          (double) unix.getMaxFileDescriptorCount());
    }
    var status = status();
    resident("process_resident_memory_bytes", "Memory that it has in use.", status.get("VmRSS"));
    resident("process_virtual_memory_bytes", "Memory that it reserved.", status.get("VmSize"));
  }

  /// Lines like `VmRSS: 123456 kB`; empty where the system has no such file.
  private static Map<String, String> status() {
    try {
      var lines = new LinkedHashMap<String, String>();
      for (var line : Files.readAllLines(STATUS)) {
        int colon = line.indexOf(':');
        if (colon > 0) {
          lines.put(line.substring(0, colon), line.substring(colon + 1).strip());
        }
      }
      return lines;
    } catch (IOException _) {
      return Map.of();
    }
  }

  private void resident(String name, String help, @Nullable String kilobytes) {
    if (kilobytes != null && kilobytes.endsWith(" kB")) {
      var number = kilobytes.substring(0, kilobytes.length() - " kB".length());
      gauge(name, help, (double) (Long.parseLong(number) * KIB));
    }
  }

  private void memory() {
    var memory = ManagementFactory.getMemoryMXBean();
    var areas =
        Map.of("heap", memory.getHeapMemoryUsage(), "nonheap", memory.getNonHeapMemoryUsage());
    var used = Family.gauge("jvm_memory_used_bytes", "Memory of the virtual machine in use.");
    var committed = Family.gauge("jvm_memory_committed_bytes", "Memory that it can use now.");
    var max = Family.gauge("jvm_memory_max_bytes", "Memory that it may ever use, -1 for no end.");
    for (var area : List.of("heap", "nonheap")) {
      MemoryUsage usage = Objects.requireNonNull(areas.get(area));
      used.add(usage.getUsed(), "area", area);
      committed.add(usage.getCommitted(), "area", area);
      max.add(usage.getMax(), "area", area);
    }
    families.add(used.build());
    families.add(committed.build());
    families.add(max.build());
  }

  private void garbage() {
    var pauses =
        Family.summary("jvm_gc_collection_seconds", "Collections of garbage, and their time.");
    for (var collector : ManagementFactory.getGarbageCollectorMXBeans()) {
      var labels = new LinkedHashMap<String, String>();
      labels.put("gc", collector.getName());
      long count = Math.max(0, collector.getCollectionCount());
      double seconds = Math.max(0, collector.getCollectionTime()) / MILLIS_PER_SECOND;
      pauses.add(new Family.Digest(Map.of(), count, seconds), labels);
    }
    families.add(pauses.build());
  }

  private void threads() {
    var threads = ManagementFactory.getThreadMXBean();
    gauge("jvm_threads_current", "Platform threads that there are.", threads.getThreadCount());
    gauge("jvm_threads_peak", "The most that there were at once.", threads.getPeakThreadCount());
    gauge("jvm_threads_daemon", "Those that do not keep it alive.", threads.getDaemonThreadCount());
    gauge(
        "jvm_classes_currently_loaded",
        "Classes that are loaded.",
        ManagementFactory.getClassLoadingMXBean().getLoadedClassCount());
  }

  private void gauge(String name, String help, double value) {
    families.add(Family.gauge(name, help).add(value).build());
  }
}
