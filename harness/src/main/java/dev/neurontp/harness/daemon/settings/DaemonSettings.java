package dev.neurontp.harness.daemon.settings;

import dev.neurontp.harness.log.LogFormat;
import dev.neurontp.harness.log.LogLevel;
import dev.neurontp.harness.pool.Deadlines;
import dev.neurontp.worker.Communicators;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Every setting that there is. */
public final class DaemonSettings {
    private static final Duration SHORTEST = Duration.ofMillis(10);
    private static final Duration DAY = Duration.ofDays(1);
    private static final SettingType<String> WORD = SettingTypes.text("a string that is not blank", false);
    private static final Deadlines DEADLINES = Deadlines.DEFAULT;
    private static final List<Setting<?>> ALL = new ArrayList<>();

    public static final Setting<String> HTTP_HOST =
            of("http.host", SettingTypes.text("an address or a host name", false), "127.0.0.1");
    public static final Setting<Integer> HTTP_PORT = of("http.port", SettingTypes.whole(0, 65535), 13131);
    public static final Setting<List<String>> HTTP_HOSTS = reloaded("http.hosts", SettingTypes.list(WORD), List.of());
    public static final Setting<List<String>> HTTP_ORIGINS =
            reloaded("http.origins", SettingTypes.list(WORD), List.of());
    public static final Setting<Boolean> HTTP_INSECURE = of("http.insecure", SettingTypes.flag(), false);
    public static final Setting<Optional<Path>> TLS_CERT_FILE =
            of("http.tls_cert_file", SettingTypes.path(), Optional.empty());
    public static final Setting<Optional<Path>> TLS_KEY_FILE =
            of("http.tls_key_file", SettingTypes.path(), Optional.empty());
    public static final Setting<Optional<Path>> TLS_KEYSTORE =
            of("http.tls_keystore", SettingTypes.path(), Optional.empty());
    public static final Setting<Optional<Path>> TLS_PASSWORD_FILE =
            of("http.tls_password_file", SettingTypes.path(), Optional.empty());

    public static final Setting<Optional<Path>> RUNTIME_DIR = of("runtime_dir", SettingTypes.path(), Optional.empty());
    public static final Setting<Optional<Path>> STATE_DIR = of("state_dir", SettingTypes.path(), Optional.empty());
    public static final Setting<Optional<Path>> TOKEN_FILE =
            of("auth.token_file", SettingTypes.path(), Optional.empty());

    public static final Setting<Integer> BODY_BYTES = of("limits.body_bytes", SettingTypes.whole(256, 16 << 20), 65536);
    public static final Setting<Integer> HEADER_BYTES =
            of("limits.header_bytes", SettingTypes.whole(1024, 65536), 8192);
    public static final Setting<Integer> CONNECTIONS = of("limits.connections", SettingTypes.whole(4, 65535), 2048);
    public static final Setting<Duration> IDLE =
            of("limits.idle", SettingTypes.time(Duration.ofMillis(100), Duration.ofHours(1)), Duration.ofSeconds(30));
    public static final Setting<Integer> WAITING = of("limits.waiting", SettingTypes.whole(1, 65535), 2048);
    public static final Setting<Integer> POOLS = reloaded("limits.pools", SettingTypes.whole(1, 1024), 16);
    public static final Setting<Integer> ENDED_POOLS = reloaded("limits.ended_pools", SettingTypes.whole(1, 1024), 32);
    public static final Setting<Integer> WORLD_SIZE = reloaded("limits.world_size", SettingTypes.whole(1, 1024), 64);
    public static final Setting<Integer> STREAMS = of("limits.streams", SettingTypes.whole(1, 65535), 64);
    /** At most a third of the silence after which tpctl takes a daemon for dead. */
    public static final Setting<Duration> KEEP_ALIVE = of(
            "limits.keep_alive",
            SettingTypes.time(Duration.ofMillis(100), Duration.ofSeconds(15)),
            Duration.ofSeconds(15));

    /** That any daemon keeps. */
    public static final int MOST_EVENTS = 1 << 20;

    public static final Setting<Integer> EVENTS = of("limits.events", SettingTypes.whole(16, MOST_EVENTS), 4096);
    public static final Setting<Integer> LOG_LINES = of("limits.log_lines", SettingTypes.whole(16, 1 << 20), 2000);

    /** Of all daemons that share the state folder; 0 for no history. */
    public static final Setting<Integer> HISTORY_POOLS = of("history.pools", SettingTypes.whole(0, 10_000), 200);

    public static final Setting<Integer> HISTORY_BYTES =
            of("history.bytes", SettingTypes.whole(16 << 10, 16 << 20), 256 << 10);
    public static final Setting<Integer> HISTORY_DAYS = of("history.days", SettingTypes.whole(1, 3650), 30);

    public static final Setting<String> NVIDIA_SMI = of("devices.nvidia_smi", WORD, "nvidia-smi");
    public static final Setting<Duration> DEVICE_POLL =
            of("devices.poll", SettingTypes.time(Duration.ofMillis(50), Duration.ofHours(1)), Duration.ofSeconds(5));
    public static final Setting<Duration> DEVICE_TIMEOUT =
            of("devices.timeout", SettingTypes.time(SHORTEST, Duration.ofMinutes(1)), Duration.ofSeconds(3));

    public static final Setting<String> COMMUNICATOR = reloaded(
            "pools.communicator",
            SettingTypes.oneOf(Communicators.names()),
            Communicators.byDefault().name());
    public static final Setting<List<List<String>>> COMMANDS =
            reloaded("pools.commands", SettingTypes.list(SettingTypes.filledList(WORD)), List.of());
    public static final Setting<Boolean> COMMANDS_ARE_WORKERS =
            reloaded("pools.commands_are_workers", SettingTypes.flag(), false);
    public static final Setting<Duration> PROOF =
            of("pools.proof", SettingTypes.time(Duration.ofMillis(100), Duration.ofHours(1)), Duration.ofSeconds(10));
    public static final Setting<Duration> READY = deadline("ready", DEADLINES.ready());
    public static final Setting<Duration> PING = deadline("ping", DEADLINES.ping());
    public static final Setting<Duration> INIT = deadline("init", DEADLINES.init());
    public static final Setting<Duration> SANITY = deadline("sanity", DEADLINES.sanity());
    public static final Setting<Duration> BYE = deadline("bye", DEADLINES.bye());
    public static final Setting<Duration> SIGTERM = deadline("sigterm", DEADLINES.sigterm());
    public static final Setting<Duration> SIGKILL = deadline("sigkill", DEADLINES.sigkill());

    public static final Setting<LogLevel> LOG_LEVEL =
            reloaded("log.level", SettingTypes.oneOf(LogLevel.values(), LogLevel::label), LogLevel.INFO);
    public static final Setting<LogFormat> LOG_FORMAT =
            reloaded("log.format", SettingTypes.oneOf(LogFormat.values(), LogFormat::label), LogFormat.AUTO);

    /** Off where who started the daemon tells that already. */
    public static final Setting<Boolean> LOG_FAILURES = reloaded("log.failures", SettingTypes.flag(), true);

    public static final Setting<Duration> STOP =
            of("stop.limit", SettingTypes.time(Duration.ofMillis(100), Duration.ofHours(1)), Duration.ofSeconds(20));

    private DaemonSettings() {}

    /** All of them, in the order in which they are shown. */
    public static List<Setting<?>> all() {
        return List.copyOf(ALL);
    }

    static Optional<Setting<?>> named(String name) {
        return ALL.stream()
                .<Setting<?>>map(setting -> setting)
                .filter(setting -> setting.name().equals(name))
                .findFirst()
                .or(() -> LauncherSettings.named(name));
    }

    private static Setting<Duration> deadline(String step, Duration fallback) {
        return reloaded("pools.deadlines." + step, SettingTypes.time(SHORTEST, DAY), fallback);
    }

    private static <T> Setting<T> of(String name, SettingType<T> kind, T fallback) {
        return add(new Setting<>(name, kind, fallback, false));
    }

    /** One that a running daemon takes a new value of. */
    private static <T> Setting<T> reloaded(String name, SettingType<T> kind, T fallback) {
        return add(new Setting<>(name, kind, fallback, true));
    }

    private static <T> Setting<T> add(Setting<T> setting) {
        ALL.add(setting);
        return setting;
    }
}
