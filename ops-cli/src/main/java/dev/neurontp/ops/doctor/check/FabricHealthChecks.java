package dev.neurontp.ops.doctor.check;

import dev.neurontp.harness.process.ProcStat;
import dev.neurontp.ops.doctor.host.FabricManager;
import dev.neurontp.ops.doctor.host.GpuHolder;
import dev.neurontp.ops.doctor.host.HostFiles;
import dev.neurontp.ops.doctor.host.KernelDriver;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** What goes wrong with NVLink and its managers although all of them are there. */
final class FabricHealthChecks {
    private static final List<String> SUMMARY = List.of("not known", "healthy", "unhealthy", "of limited capacity");
    private static final long HEALTHY = 1;

    private static final String IMEX = "/etc/nvidia-imex/nodes_config.cfg";
    private static final String CHANNELS = "/dev/nvidia-caps-imex-channels";

    private FabricHealthChecks() {}

    static List<Check> all() {
        return List.of(
                new Check(Row.D06, FabricHealthChecks::version),
                new Check(Row.D08, FabricHealthChecks::multicast),
                new Check(Row.D10, FabricHealthChecks::linkErrors),
                new Check(Row.D51, FabricHealthChecks::imex));
    }

    private static Finding version(Evidence evidence) {
        Optional<String> manager = evidence.host().fabricManager();
        Optional<String> driver = KernelDriver.version(evidence.host().files());
        if (manager.isEmpty() || driver.isEmpty()) {
            return Finding.skipped(
                    manager.isEmpty()
                            ? "nv-fabricmanager is not here, or does not say its version"
                            : "no driver is loaded (D01)");
        }
        if (manager.equals(driver)) {
            return Finding.ok("fabric manager and driver " + manager.get());
        }
        String seen = "fabric manager " + manager.get() + ", driver " + driver.get();
        return needsManager(evidence)
                ? Finding.fail(
                        seen,
                        "the same version",
                        "install nvidia-fabricmanager " + driver.get() + ", and hold both against updates of one alone")
                : Finding.ok(seen + ", and no NVSwitch here that would need one");
    }

    private static boolean needsManager(Evidence evidence) {
        return FabricChecks.hasSwitches(evidence.host().files())
                || evidence.gpus().stream().anyMatch(gpu -> gpu.facts().above("fabric_state", 0));
    }

    private static Finding multicast(Evidence evidence) {
        List<String> ill = GpuChecks.each(
                evidence,
                gpu -> gpu.facts()
                        .number("fabric_health")
                        .filter(health -> health > HEALTHY)
                        .map(health -> "the fabric is "
                                + (health < SUMMARY.size() ? SUMMARY.get(health.intValue()) : "in health " + health)));
        if (!ill.isEmpty()) {
            return Finding.fail(
                    Finding.join(ill),
                    "a healthy fabric",
                    "end all users of the GPUs, then nvidia-smi -r or reboot; until then NCCL_NVLS_ENABLE=0");
        }
        HostFiles files = evidence.host().files();
        OptionalLong manager = GpuChecks.processes(files, FabricManager.PROCESS)
                .mapToLong(ProcStat::startTicks)
                .max();
        if (manager.isEmpty()) {
            return Finding.skipped("no process nv-fabricmanager is to be seen");
        }
        List<String> older = GpuHolder.scan(files).found().stream()
                .filter(holder -> holder.stat().startTicks() < manager.getAsLong())
                .map(holder -> "pid " + holder.stat().pid() + " `" + holder.command() + "`")
                .toList();
        return older.isEmpty()
                ? Finding.ok("the fabric manager was not restarted under users of GPUs")
                : Finding.warn(
                        "the fabric manager was started after " + Finding.join(older) + ", which hold GPUs",
                        "a fabric manager that started before all users of GPUs: else NVLink multicast can fail with CUDA"
                                + " error 401",
                        "end them, then nvidia-smi -r or reboot; until then NCCL_NVLS_ENABLE=0");
    }

    private static Finding linkErrors(Evidence evidence) {
        List<String> bad = GpuChecks.each(evidence, gpu -> {
            List<String> links = gpu.facts().list("link_errors");
            return links.isEmpty() ? Optional.empty() : Optional.of("link " + String.join(", link ", links));
        });
        if (bad.isEmpty()) {
            return evidence.gpus().stream()
                            .allMatch(gpu -> gpu.facts().list("links_up").isEmpty())
                    ? Finding.ok("no NVLink here")
                    : Finding.ok("no NVLink has counted an error");
        }
        return Finding.warn(
                Finding.join(bad),
                "0 replays, recoveries and CRC errors since the counters were reset",
                "nvidia-smi nvlink -e; where they rise, stop the users of the GPU and reset it, then check the module");
    }

    private static Finding imex(Evidence evidence) {
        HostFiles files = evidence.host().files();
        boolean domain = files.text(IMEX)
                .filter(text -> text.lines().anyMatch(line -> !line.isBlank() && !line.startsWith("#")))
                .isPresent();
        List<String> channels = files.names(CHANNELS);
        if (!domain && channels.isEmpty()) {
            return Finding.ok("no IMEX domain is configured here");
        }
        List<String> problems = new ArrayList<>();
        if (domain
                && GpuChecks.processes(files, "nvidia-imex").findAny().isEmpty()
                && !evidence.host().container()) {
            problems.add(IMEX + " names a domain, and no process nvidia-imex runs");
        }
        if (channels.stream().noneMatch(name -> files.usable(CHANNELS + "/" + name))) {
            problems.add("this user may not read and write a channel in " + CHANNELS);
        }
        return problems.isEmpty()
                ? Finding.ok("nvidia-imex, " + channels.size() + " channels")
                : Finding.fail(
                        Finding.join(problems),
                        "nvidia-imex and a channel for this user, for GPUs of several hosts in one NVLink domain",
                        "systemctl enable --now nvidia-imex; nvidia-modprobe -c 0 -i; nvidia-imex-ctl -N says who is missing");
    }
}
