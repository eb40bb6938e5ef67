package dev.neurontp.ops.doctor.host;

import static java.util.Objects.requireNonNull;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * This host as this process sees it.
 *
 * @param files everything that is read from files
 * @param environment what a pool's ranks would inherit
 * @param shm the room in /dev/shm, empty where nobody can say
 * @param interfaces the network interfaces that have an address, in the order in which NCCL hears of them
 * @param kernelLog the kernel's log
 * @param fabricManager the version of the fabric manager's program; empty where nobody asked or it does not say
 */
public record Host(
        HostFiles files,
        Map<String, String> environment,
        Optional<DiskSpace> shm,
        List<String> interfaces,
        KernelLog.Reading kernelLog,
        Optional<String> fabricManager) {
    public Host {
        requireNonNull(files, "files is null");
        environment = Map.copyOf(environment);
        requireNonNull(shm, "shm is null");
        interfaces = List.copyOf(interfaces);
        requireNonNull(kernelLog, "kernelLog is null");
        requireNonNull(fabricManager, "fabricManager is null");
    }

    /** The same with what the fabric manager's program says. */
    public Host withFabricManager(Optional<String> version) {
        return new Host(files, environment, shm, interfaces, kernelLog, version);
    }

    /**
     * The host that this process runs on.
     *
     * @param kernelLog read before, since only some checks need it
     */
    public static Host ofThisProcess(KernelLog.Reading kernelLog) {
        HostFiles files = new HostFiles(Path.of("/"));
        return new Host(
                files,
                System.getenv(),
                DiskSpace.of(files.path("/dev/shm")),
                AddressedInterface.namesOfThisProcess(),
                kernelLog,
                Optional.empty());
    }

    /** The value of a variable; empty where it is not set. */
    public Optional<String> variable(String name) {
        return Optional.ofNullable(environment.get(name));
    }

    /** Whether this process is in a container, as far as its files show. */
    public boolean container() {
        return files.exists("/.dockerenv")
                || files.exists("/run/.containerenv")
                || environment.containsKey("KUBERNETES_SERVICE_HOST")
                || files.text("/proc/1/cgroup")
                        .filter(text -> text.contains("docker") || text.contains("kubepods"))
                        .isPresent();
    }

    /** Whether this is a virtual machine: its PCI bridges and its IOMMU are the hypervisor's. */
    public boolean virtualMachine() {
        return files.text("/proc/cpuinfo")
                .filter(text -> text.lines()
                        .filter(line -> line.startsWith("flags"))
                        .findFirst()
                        .orElse("")
                        .contains(" hypervisor"))
                .isPresent();
    }
}
