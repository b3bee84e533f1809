package io.hypernetes.server.http;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import io.hypernetes.server.http.Pace.Turn;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.invoke.MethodHandle;
import java.util.Optional;

/**
 * The priority of the system's thread that carries the current one. Who computes for long does it
 * at the lowest ({@code nice} 19, setpriority(2)), so that whoever asks for little meanwhile goes
 * first and does not wait for the end of a slice of time.
 *
 * <p>Without effect where the program may not call the system's functions (a JVM that embeds the
 * server, unless it is told to) or may not raise a priority that it has lowered ({@code
 * CAP_SYS_NICE}). No state but the thread's; any thread may call.
 */
@SuppressWarnings("restricted") // two functions that take and give numbers alone
public final class CarrierPriority {
    static final int LOWEST = 19;
    private static final int USUAL = 0;

    /** {@code PRIO_PROCESS}, which on Linux means one thread. */
    private static final int THREAD = 0;

    private static final Linker LINKER = Linker.nativeLinker();
    private static final Optional<CarrierPriority> OF_THIS_SYSTEM = find();

    private final MethodHandle gettid;
    private final MethodHandle setpriority;

    private CarrierPriority(MethodHandle gettid, MethodHandle setpriority) {
        this.gettid = gettid;
        this.setpriority = setpriority;
    }

    /**
     * Until the turn is closed. The same thread of the system gets its priority back, whatever
     * carries the current one by then.
     */
    public static Turn lower() {
        return OF_THIS_SYSTEM.map(CarrierPriority::lowered).orElse(Turn.FREE);
    }

    /** Whether {@link #lower} has an effect here. */
    static boolean works() {
        return OF_THIS_SYSTEM.isPresent();
    }

    private Turn lowered() {
        int thread = thread();
        set(thread, LOWEST);
        return () -> set(thread, USUAL);
    }

    private static Optional<CarrierPriority> find() {
        if (!CarrierPriority.class.getModule().isNativeAccessEnabled()) {
            return Optional.empty();
        }
        Optional<MethodHandle> gettid = function("gettid", FunctionDescriptor.of(JAVA_INT));
        Optional<MethodHandle> setpriority =
                function(
                        "setpriority",
                        FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT));
        return gettid.flatMap(get -> setpriority.map(set -> new CarrierPriority(get, set)))
                .filter(CarrierPriority::mayRaise);
    }

    private static Optional<MethodHandle> function(String name, FunctionDescriptor type) {
        return LINKER.defaultLookup()
                .find(name)
                .map(address -> LINKER.downcallHandle(address, type));
    }

    /**
     * Tried on a thread that ends with it. That calls methods of an object alone: the class is not
     * initialized until it has ended.
     */
    private boolean mayRaise() {
        boolean[] may = {false};
        Thread trial =
                Thread.ofPlatform()
                        .name("carrier-priority")
                        .start(() -> may[0] = set(thread(), 1) && set(thread(), USUAL));
        try {
            trial.join();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
        return may[0];
    }

    private int thread() {
        try {
            return (int) gettid.invokeExact();
        } catch (Throwable e) {
            throw new IllegalStateException("gettid", e);
        }
    }

    private boolean set(int thread, int nice) {
        try {
            return (int) setpriority.invokeExact(THREAD, thread, nice) == 0;
        } catch (Throwable e) {
            throw new IllegalStateException("setpriority", e);
        }
    }
}
