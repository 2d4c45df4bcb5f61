package io.watchgate;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.Appender;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.OutputStreamAppender;
import ch.qos.logback.core.encoder.Encoder;
import ch.qos.logback.core.rolling.FixedWindowRollingPolicy;
import ch.qos.logback.core.rolling.RollingFileAppender;
import ch.qos.logback.core.rolling.SizeBasedTriggeringPolicy;
import ch.qos.logback.core.spi.ContextAwareBase;
import ch.qos.logback.core.util.FileSize;
import io.watchgate.config.GatewayConfig.Logging;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The gateway's own log: on standard error until a configuration says otherwise, and never on
/// standard output, which belongs to MCP.
public final class Logs extends ContextAwareBase implements Configurator {
  /// Sets up what is logged before a configuration is read.
  @Override
  public ExecutionStatus configure(LoggerContext context) {
    var root = context.getLogger(Logger.ROOT_LOGGER_NAME);
    root.setLevel(Level.WARN);
    root.addAppender(standardError(context, encoder(context, false)));
    return ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY;
  }

  /// Sets up what the configuration asks for.
  static void apply(Logging settings) {
    if (!(LoggerFactory.getILoggerFactory() instanceof LoggerContext context)) {
      return;
    }
    context.reset();
    var root = context.getLogger(Logger.ROOT_LOGGER_NAME);
    root.setLevel(Level.toLevel(settings.level()));
    context.getLogger("io.netty").setLevel(Level.WARN);
    context.getLogger("org.apache.kafka").setLevel(Level.ERROR); // its sink says what it warns of
    if (settings.toStderr()) {
      root.addAppender(standardError(context, encoder(context, settings.json())));
    }
    settings.file().ifPresent(file -> root.addAppender(file(context, settings, file)));
  }

  private static Appender<ILoggingEvent> standardError(
      LoggerContext context, Encoder<ILoggingEvent> encoder) {
    var appender = new ConsoleAppender<ILoggingEvent>();
    appender.setTarget("System.err");
    return started(appender, context, encoder);
  }

  private static Appender<ILoggingEvent> file(LoggerContext context, Logging settings, Path file) {
    var appender = new RollingFileAppender<ILoggingEvent>();
    appender.setFile(file.toString());
    var rolling = new FixedWindowRollingPolicy();
    rolling.setContext(context);
    rolling.setParent(appender);
    rolling.setFileNamePattern(file + ".%i");
    rolling.setMinIndex(1);
    rolling.setMaxIndex(Math.max(1, settings.backupCount()));
    rolling.start();
    var trigger = new SizeBasedTriggeringPolicy<ILoggingEvent>();
    trigger.setContext(context);
    trigger.setMaxFileSize(new FileSize(settings.maxFileSizeMegabytes() * FileSize.MB_COEFFICIENT));
    trigger.start();
    appender.setRollingPolicy(rolling);
    appender.setTriggeringPolicy(trigger);
    return started(appender, context, encoder(context, settings.json()));
  }

  private static Appender<ILoggingEvent> started(
      OutputStreamAppender<ILoggingEvent> appender,
      LoggerContext context,
      Encoder<ILoggingEvent> encoder) {
    appender.setContext(context);
    appender.setEncoder(encoder);
    appender.start();
    return appender;
  }

  private static Encoder<ILoggingEvent> encoder(LoggerContext context, boolean json) {
    var encoder = new LogLines(json);
    encoder.setContext(context);
    encoder.start();
    return encoder;
  }
}
