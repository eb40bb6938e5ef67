import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.classfile.ClassBuilder;
import java.lang.classfile.ClassElement;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassFile.StackMapsOption;
import java.lang.classfile.ClassFileVersion;
import java.lang.classfile.ClassHierarchyResolver;
import java.lang.classfile.ClassModel;
import java.lang.classfile.MethodModel;
import java.lang.classfile.MethodTransform;
import java.lang.constant.ClassDesc;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Enumeration;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;

/**
 * Gives the classes of a jar the class file version of this JDK where theirs is below 50, as picocli's is: no AOT cache
 * takes those, and the JVM would load and verify them the old way at each start. What they do stays the same. The build
 * runs it on the jars that it packages; the same jar gives the same bytes.
 */
public final class ClassFileUpgrader {
    /** The first version whose classes say themselves how they are verified. */
    private static final int SELF_DESCRIBING = ClassFile.JAVA_6_VERSION;

    private final JarFile jar;
    private final ClassFile classes;

    private ClassFileUpgrader(JarFile jar) {
        this.jar = jar;
        // Asked for, since a method that does not change is otherwise taken over without.
        classes = ClassFile.of(
                StackMapsOption.GENERATE_STACK_MAPS,
                ClassFile.ClassHierarchyResolverOption.of(ClassHierarchyResolver.ofResourceParsing(this::find)
                        .orElse(ClassHierarchyResolver.defaultResolver())));
    }

    /** Takes the jars, which it replaces. */
    public static void main(String[] jars) throws IOException {
        for (String jar : jars) {
            rewrite(Path.of(jar));
        }
    }

    /** Replaces the jar by one with the same entries, its old classes renewed. */
    static void rewrite(Path path) throws IOException {
        Path upgraded = path.resolveSibling(path.getFileName() + ".new");
        try (JarFile jar = new JarFile(path.toFile());
                JarOutputStream out = new JarOutputStream(Files.newOutputStream(upgraded))) {
            ClassFileUpgrader upgrader = new ClassFileUpgrader(jar);
            for (Enumeration<JarEntry> entries = jar.entries(); entries.hasMoreElements(); ) {
                upgrader.copy(entries.nextElement(), out);
            }
        }
        Files.move(upgraded, path, StandardCopyOption.REPLACE_EXISTING);
    }

    private void copy(JarEntry entry, JarOutputStream out) throws IOException {
        JarEntry copy = new JarEntry(entry.getName());
        copy.setTimeLocal(entry.getTimeLocal());
        out.putNextEntry(copy);
        byte[] bytes = read(entry);
        out.write(entry.getName().endsWith(".class") ? newer(bytes) : bytes);
        out.closeEntry();
    }

    private byte[] newer(byte[] bytes) {
        ClassModel model = classes.parse(bytes);
        return model.majorVersion() < SELF_DESCRIBING ? classes.transformClass(model, ClassFileUpgrader::renew) : bytes;
    }

    private static void renew(ClassBuilder builder, ClassElement element) {
        switch (element) {
            case ClassFileVersion _ -> builder.withVersion(ClassFile.latestMajorVersion(), 0);
            // One instruction after another: code that is taken over whole keeps its lack of what a newer version
            // needs.
            case MethodModel method ->
                builder.transformMethod(
                        method, MethodTransform.transformingCode((code, instruction) -> code.with(instruction)));
            default -> builder.with(element);
        }
    }

    /** The class file of a class of this jar, or null. */
    private InputStream find(ClassDesc type) {
        String descriptor = type.descriptorString();
        JarEntry entry = jar.getJarEntry(descriptor.substring(1, descriptor.length() - 1) + ".class");
        try {
            return entry == null ? null : jar.getInputStream(entry);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private byte[] read(JarEntry entry) throws IOException {
        try (InputStream in = jar.getInputStream(entry)) {
            return in.readAllBytes();
        }
    }
}
