package dev.neurontp.worker.comm.nccl;

import dev.neurontp.worker.library.SharedLibrary;
import dev.neurontp.worker.library.SharedLibrary.NotOpenedException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import jcuda.JCudaVersion;
import jcuda.LibUtils;
import jcuda.LogLevel;
import jcuda.driver.JCudaDriver;

/**
 * Has JCuda load its native half from a place that is ours. Left alone, JCuda unpacks it into java.io.tmpdir under a fixed
 * name, where processes race for it and anyone may have put a file of that name.
 *
 * <p>The launcher gives -Djava.library.path, with a folder that the build unpacked it into. A program that embeds this
 * module without that gets it unpacked once into a private folder.
 */
final class JCudaLibrary {
    private static final String LIBRARY_PATH = "java.library.path";
    private static final String TEMPORARY_FOLDER = "java.io.tmpdir";

    private static boolean loaded;

    private JCudaLibrary() {}

    /**
     * Loads it, once a process. libcuda.so.1 must be open by then.
     *
     * @throws NcclException when it is not there, or the loader refuses it
     */
    static synchronized void load() throws NcclException {
        if (loaded) {
            return;
        }
        String name = LibUtils.createPlatformLibraryName("JCudaDriver-" + JCudaVersion.get());
        String file = LibUtils.createLibraryFileName(name);
        Optional<Path> unpacked = onLibraryPath(file);
        // The loader's own message comes from this first opening; JCuda would hide it in two stack traces.
        if (unpacked.isPresent()) {
            open(unpacked.get());
            initialise();
        } else {
            Path folder = unpack(file);
            open(folder.resolve(file));
            // Where it has no java.library.path to find it on, JCuda loads a file that waits in java.io.tmpdir.
            String before = System.getProperty(TEMPORARY_FOLDER);
            System.setProperty(TEMPORARY_FOLDER, folder.toString());
            try {
                initialise();
            } finally {
                System.setProperty(TEMPORARY_FOLDER, before);
            }
        }
        loaded = true;
    }

    private static Optional<Path> onLibraryPath(String file) {
        for (String folder : System.getProperty(LIBRARY_PATH, "").split(":", -1)) {
            if (!folder.isEmpty() && Files.isReadable(Path.of(folder, file))) {
                return Optional.of(Path.of(folder, file));
            }
        }
        return Optional.empty();
    }

    private static Path unpack(String file) throws NcclException {
        try (InputStream library = JCudaDriver.class.getResourceAsStream("/lib/" + file)) {
            if (library == null) {
                throw new NcclException("JCuda's " + file + " is neither on " + LIBRARY_PATH + " ("
                        + System.getProperty(LIBRARY_PATH, "") + ") nor in a jar: JCuda has none for this system, or"
                        + " jcuda-natives is missing");
            }
            return PrivateFolder.inCache(System.getenv()).keep(file, library.readAllBytes());
        } catch (IOException e) {
            throw new NcclException("JCuda's " + file + " cannot be unpacked: " + words(e)
                    + ". Unpack it yourself and start Java with -Djava.library.path=<its folder>");
        }
    }

    /** Java's own message for a folder that one may not write in is the folder's name, and no more. */
    private static String words(IOException e) {
        if (e instanceof AccessDeniedException denied) {
            return "this user may not write " + denied.getFile();
        }
        return e.getMessage();
    }

    private static void open(Path file) throws NcclException {
        try {
            SharedLibrary.open(file.toString());
        } catch (NotOpenedException e) {
            throw new NcclException("JCuda's library is there and the loader refuses it: " + e.getMessage());
        }
    }

    private static void initialise() throws NcclException {
        try {
            JCudaDriver.setLogLevel(LogLevel.LOG_QUIET);
        } catch (LinkageError e) {
            throw new NcclException("JCuda cannot load its library: " + e.getMessage());
        }
    }
}
