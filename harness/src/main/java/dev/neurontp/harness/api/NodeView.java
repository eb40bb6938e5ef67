package dev.neurontp.harness.api;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** What a daemon says of its host and of itself. A list that it leaves out is empty. */
public sealed interface NodeView {
    /**
     * What a host is and has.
     *
     * @param version of the daemon
     * @param wireContract the version of the contract that it speaks with its workers
     * @param cudaVersion the newest CUDA that the driver can serve
     */
    record Discovery(
            @Required String version,
            String wireContract,
            String hostname,
            String os,
            String kernel,
            Optional<String> cudaVersion,
            Optional<String> driverVersion,
            @Required List<Device> devices,
            List<String> harnesses)
            implements NodeView {
        public Discovery {
            devices = orEmpty(devices);
            harnesses = orEmpty(harnesses);
        }
    }

    /** One GPU; {@code vramTotalMb} in MiB. */
    record Device(
            @Required int index,
            @Required String name,
            Optional<Long> vramTotalMb,
            Optional<String> computeCapability,
            Optional<String> uuid,
            Optional<String> pciBusId) {}

    /**
     * Since when a daemon runs, and how its devices are.
     *
     * @param devicesRead when the devices were read
     * @param devicesProblem why the last poll failed
     */
    record Health(
            long uptimeSecs,
            @Required List<DeviceUsage> devices,
            Optional<Instant> devicesRead,
            Optional<String> devicesProblem)
            implements NodeView {
        public Health {
            devices = orEmpty(devices);
        }

        /** How the GPU of that index is; empty where the last reading has none. */
        public Optional<DeviceUsage> usage(long index) {
            return devices.stream().filter(device -> device.index() == index).findFirst();
        }
    }

    /** A program that computes on a GPU; {@code pid} and {@code name} as nvidia-smi says them, memory in MiB. */
    record DeviceProcess(@Required long pid, @Required String name, Optional<Long> vramUsedMb) {}

    /** One GPU at the last poll; memory in MiB; {@code processes} is null from a daemon that does not say. */
    record DeviceUsage(
            @Required int index,
            Optional<Long> vramUsedMb,
            Optional<Long> vramFreeMb,
            Optional<Long> utilizationPct,
            Optional<Long> tempC,
            List<DeviceProcess> processes) {}

    /**
     * What reading the settings again has brought.
     *
     * @param changed in force now
     * @param needRestart with another value in the sources, and as before in this daemon
     */
    record SettingsReloaded(
            @Required List<SettingChange> changed, @Required List<SettingChange> needRestart) implements NodeView {
        public SettingsReloaded {
            changed = orEmpty(changed);
            needRestart = orEmpty(needRestart);
        }

        /** {@code before} and {@code after} as TOML. */
        public record SettingChange(
                @Required String name,
                @Required String before,
                @Required String after) {}
    }

    /**
     * A link that opens the dashboard once.
     *
     * @param path behind the daemon's address; the secret is in its fragment, which no browser sends
     * @param expiresS seconds from now
     */
    record DashboardLink(String path, long expiresS) implements NodeView {
        private static final Pattern PATH = Pattern.compile("/#code=[A-Za-z0-9_-]{1,100}");

        /** Any other path could make the daemon's address, which stands before it, another one. */
        public DashboardLink {
            if (path == null || !PATH.matcher(path).matches()) {
                throw new IllegalArgumentException("the path is not of the form " + PATH);
            }
        }
    }

    /**
     * What a browser sends as its bearer token; it may read and change nothing.
     *
     * @param expiresS seconds from now
     */
    record DashboardSession(String session, long expiresS) implements NodeView {}

    /** That a daemon runs. */
    record Live(String status) implements NodeView {}

    /** That a daemon is ready, with all that this depends on. */
    record Ready(String status, List<Check> checks) implements NodeView {
        public Ready {
            checks = orEmpty(checks);
        }
    }

    /** One thing that readiness depends on. */
    record Check(String name, boolean ok, String text) {}

    /** The models that are loaded, and the harnesses that could load one. */
    record Models(List<Model> models, List<String> harnesses) implements NodeView {
        public Models {
            models = orEmpty(models);
            harnesses = orEmpty(harnesses);
        }
    }

    /** One model, and the harness that loaded it. */
    record Model(String modelId, String harness) implements NodeView {}

    private static <T> List<T> orEmpty(List<T> list) {
        return list == null ? List.of() : List.copyOf(list);
    }
}
