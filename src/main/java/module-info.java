import org.jspecify.annotations.NullMarked;

/// A gateway for the Model Context Protocol. Plugins see only what is exported here.
@NullMarked
module io.watchgate {
  requires static transitive org.jspecify;
  requires info.picocli;
  requires io.netty.buffer;
  requires io.netty.codec;
  requires io.netty.codec.http;
  requires io.netty.common;
  requires io.netty.handler;
  requires io.netty.transport;
  requires org.slf4j;
  requires ch.qos.logback.classic;
  requires ch.qos.logback.core;
  requires org.snakeyaml.engine;
  requires jdk.httpserver;
  requires jdk.unsupported;
  requires java.management;
  requires java.net.http;
  requires jdk.management;
  requires tools.jackson.databind;
  requires re2j;
  requires com.google.i18n.phonenumbers.libphonenumber;
  requires com.networknt.schema;
  requires java.compiler;
  requires java.security.sasl;
  requires java.sql;
  requires static kafka.clients;

  exports io.watchgate.jsonrpc;
  exports io.watchgate.plugin;

  uses io.watchgate.plugin.PluginFactory;

  opens io.watchgate to
      info.picocli;

  provides ch.qos.logback.classic.spi.Configurator with
      io.watchgate.Logs;
  provides io.watchgate.plugin.PluginFactory with
      io.watchgate.audit.JsonLinesFactory,
      io.watchgate.audit.sinks.CsvFactory,
      io.watchgate.audit.sinks.HumanReadableFactory,
      io.watchgate.audit.sinks.KafkaFactory,
      io.watchgate.audit.sinks.OtlpFactory,
      io.watchgate.audit.sinks.SqliteFactory,
      io.watchgate.audit.sinks.SyslogFactory,
      io.watchgate.middleware.ApprovalFactory,
      io.watchgate.middleware.CallTraceFactory,
      io.watchgate.middleware.LoopGuardFactory,
      io.watchgate.middleware.ProcessPluginFactory,
      io.watchgate.middleware.ResponsePrunerFactory,
      io.watchgate.middleware.TokenUsageFactory,
      io.watchgate.middleware.ToolManagerFactory,
      io.watchgate.security.injection.PromptInjection,
      io.watchgate.security.pii.PersonalDataFactory,
      io.watchgate.security.secrets.SecretsFactory,
      io.watchgate.security.toolguard.ToolGuardFactory;
}
