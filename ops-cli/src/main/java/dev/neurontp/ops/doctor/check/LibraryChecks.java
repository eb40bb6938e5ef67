package dev.neurontp.ops.doctor.check;

import dev.neurontp.ops.doctor.host.KernelDriver;
import dev.neurontp.worker.library.LibrarySearch;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Whether the user libraries are there, fit the driver, and fit each other. */
final class LibraryChecks {
    private static final long VERSION_MISMATCH = 18;
    private static final int CUDA_MISMATCH = 803;
    private static final int CUDA_COMPAT = 804;
    private static final Pattern VERSION = Pattern.compile("\\.so\\.(\\d+\\.\\d+(\\.\\d+)?)$");
    private static final Pattern WHEEL = Pattern.compile("nvidia_nccl_cu(\\d+)-([\\d.]+)\\.dist-info");

    private LibraryChecks() {}

    static List<Check> all() {
        return List.of(
                new Check(Row.D02, LibraryChecks::versions),
                new Check(Row.D03, LibraryChecks::compat),
                new Check(Row.D04, LibraryChecks::cudaOfNccl),
                new Check(Row.D40, LibraryChecks::nvml),
                new Check(Row.D41, LibraryChecks::cuInit),
                new Check(Row.D43, LibraryChecks::nccl));
    }

    private static Finding versions(Evidence evidence) {
        Optional<String> kernel = KernelDriver.version(evidence.host().files());
        if (kernel.isEmpty()) {
            return Finding.skipped("no driver is loaded (D01)");
        }
        Map<String, String> libraries = new LinkedHashMap<>();
        for (String library : List.of(LibrarySearch.CUDA, LibrarySearch.NVML)) {
            Libraries.first(evidence, library)
                    .map(Libraries::real)
                    .filter(file -> !file.toString().contains("/compat/"))
                    .map(file -> VERSION.matcher(file.toString()))
                    .filter(Matcher::find)
                    .ifPresent(found -> libraries.put(library, found.group(1)));
        }
        String remedy = "reboot; or stop all users of the GPUs and reload: rmmod nvidia_uvm nvidia_drm nvidia_modeset"
                + " nvidia && modprobe nvidia";
        String wanted = "one version: kernel module " + kernel.get();
        if (libraries.values().stream().anyMatch(version -> !version.equals(kernel.get()))) {
            return Finding.fail("kernel module " + kernel.get() + ", libraries " + libraries, wanted, remedy);
        }
        if (evidence.nvml().facts().is("init", VERSION_MISMATCH) || CudaResults.cuInit(evidence) == CUDA_MISMATCH) {
            return Finding.fail(
                    "kernel module " + kernel.get() + ", and a library of another version that is loaded"
                            + " (nvmlInit 18 or cuInit 803)",
                    wanted,
                    remedy);
        }
        return libraries.isEmpty() && evidence.nvml().facts().text("driver").isEmpty()
                ? Finding.skipped("the versions of libcuda.so.1 and libnvidia-ml.so.1 are not known")
                : Finding.ok(kernel.get() + (libraries.isEmpty() ? "" : " = libraries"));
    }

    private static Finding compat(Evidence evidence) {
        Optional<Path> cuda = Libraries.first(evidence, LibrarySearch.CUDA).map(Libraries::real);
        boolean inUse =
                cuda.filter(file -> file.toString().contains("/compat/")).isPresent();
        boolean refused = CudaResults.cuInit(evidence) == CUDA_COMPAT;
        if (!inUse && !refused) {
            return cuda.isEmpty() && evidence.cuda().facts().text("cuda").isEmpty()
                    ? Finding.skipped("libcuda.so.1 was not found")
                    : Finding.ok("the driver's own libcuda.so.1");
        }
        String seen = "libcuda.so.1 is " + cuda.map(Path::toString).orElse("a compatibility library");
        String remedy = "take the compat folder out of LD_LIBRARY_PATH, or install a newer driver";
        return refused
                ? Finding.fail(seen + ", and this GPU may not use it (cuInit 804)", "the driver's own", remedy)
                : Finding.warn(seen, "the driver's own: compatibility is for data-centre GPUs", remedy);
    }

    private static Finding cudaOfNccl(Evidence evidence) {
        Optional<Integer> driver = evidence.cuda().facts().text("cuda").flatMap(LibraryChecks::major);
        Optional<String> built = Libraries.nccl(evidence).flatMap(NcclBuild::cuda);
        if (driver.isEmpty() || built.isEmpty()) {
            return Finding.skipped(
                    driver.isEmpty()
                            ? "the CUDA version of the driver is not known"
                            : "libnccl.so.2 does not say which CUDA it was built for");
        }
        String seen =
                "driver CUDA " + evidence.cuda().facts().text("cuda").orElse("") + ", libnccl built for " + built.get();
        return major(built.get()).filter(wanted -> wanted > driver.get()).isPresent()
                ? Finding.fail(
                        seen,
                        "a driver for CUDA " + built.get() + " or later",
                        "install a newer driver, or a libnccl that was built for CUDA " + driver.get())
                : Finding.ok(seen);
    }

    private static Optional<Integer> major(String version) {
        return version.matches("\\d{1,3}\\..*")
                ? Optional.of(Integer.parseInt(version.substring(0, version.indexOf('.'))))
                : Optional.empty();
    }

    private static Finding nvml(Evidence evidence) {
        Optional<String> opened = evidence.nvml().facts().text("library");
        Optional<Path> file = Libraries.first(evidence, LibrarySearch.NVML);
        if (opened.isPresent() || file.isPresent()) {
            return Finding.ok(opened.orElseGet(() -> file.get().toString()));
        }
        String problem = evidence.nvml().facts().text("problem").orElse("");
        return problem.isEmpty()
                ? Finding.skipped("libnvidia-ml.so.1 is in none of the usual folders, and the loader was not asked")
                : Finding.fail(
                        problem,
                        "libnvidia-ml.so.1: NCCL does not start without it",
                        "in a container: docker run -e NVIDIA_DRIVER_CAPABILITIES=compute,utility; else install the"
                                + " driver's libraries");
    }

    private static Finding cuInit(Evidence evidence) {
        String problem = evidence.cuda().problem().orElse("");
        int result = CudaResults.cuInit(evidence);
        if (problem.isEmpty() || CudaResults.OWN_ROWS.contains(result)) {
            return problem.isEmpty() ? Finding.ok("cuInit works") : Finding.skipped("another row names the cause");
        }
        if (result == 0 && !problem.contains(LibrarySearch.CUDA + " is")) {
            return Finding.skipped("CUDA was not asked: " + problem);
        }
        boolean hmm = evidence.host()
                .files()
                .line("/sys/module/nvidia_uvm/parameters/uvm_disable_hmm")
                .filter("N"::equals)
                .isPresent();
        return Finding.fail(
                problem,
                "cuInit returns 0",
                problem.contains(LibrarySearch.CUDA + " is")
                        ? "install the driver's libraries (libcuda.so.1 comes with the driver, not with CUDA); in a container:"
                                + " docker run --gpus all; where it lies elsewhere: NEURON_CUDA_LIBRARY=FILE"
                        : result == CudaResults.NOT_INITIALIZED && hmm
                                ? "echo options nvidia_uvm uvm_disable_hmm=1 > /etc/modprobe.d/uvm.conf, and reload nvidia_uvm"
                                : "nvidia-modprobe -c 0 -u; see dmesg for NVRM");
    }

    private static Finding nccl(Evidence evidence) {
        String problem = evidence.cuda().problem().orElse("");
        Optional<String> version = evidence.cuda().facts().text("nccl");
        List<Path> files = Libraries.distinct(evidence, LibrarySearch.NCCL);
        if (version.isEmpty() && (problem.contains(LibrarySearch.NCCL + " is") || problem.contains("NCCL 2."))) {
            if (files.isEmpty() || problem.contains("loader refuses") || problem.contains("or later is needed")) {
                return Finding.fail(
                        problem,
                        "libnccl.so.2 of NCCL 2.14 or later",
                        "pip install nvidia-nccl-cu12, or set" + " NEURON_NCCL_LIBRARY");
            }
        }
        List<String> wheels = new ArrayList<>();
        for (Path file : files) {
            Libraries.wheels(file).stream()
                    .map(WHEEL::matcher)
                    .filter(Matcher::matches)
                    .map(found -> "nvidia-nccl-cu" + found.group(1) + " " + found.group(2))
                    .forEach(wheels::add);
        }
        if (wheels.size() > 1) {
            return Finding.warn(
                    "two wheels that install the same libnccl.so.2: " + Finding.join(wheels),
                    "one of them; the last one that was installed is used",
                    "pip uninstall the one that is not wanted, then reinstall the other");
        }
        String used = version.map(text -> "NCCL " + text).orElse("NCCL, version not asked")
                + files.stream().findFirst().map(file -> ", " + file).orElse("");
        return files.size() > 1
                ? Finding.warn(
                        used + "; also there: "
                                + Finding.join(files.stream()
                                        .skip(1)
                                        .map(Path::toString)
                                        .toList()),
                        "one libnccl.so.2, so that every rank loads the same",
                        "NEURON_NCCL_LIBRARY=" + files.getFirst())
                : version.isEmpty() && files.isEmpty()
                        ? Finding.skipped("libnccl.so.2 is in none of the usual folders, and the loader was not asked")
                        : Finding.ok(used);
    }
}
