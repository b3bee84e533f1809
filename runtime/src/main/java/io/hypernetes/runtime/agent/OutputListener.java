package io.hypernetes.runtime.agent;

/**
 * Takes a container's output. Called on one thread per container. A chunk counts as taken when the
 * method returns, and is then never repeated; one that was not taken is repeated to the next
 * listener, so a listener in a process that dies between writing and returning sees it twice and
 * can tell by the offset.
 */
public interface OutputListener {

    /** Which stream; a container with a terminal has {@link #STDOUT} alone. */
    enum Source {
        STDOUT,
        STDERR
    }

    /**
     * @param offset of the first byte, from the start of this stream
     * @param bytes at most 64 KiB, the listener's to keep
     */
    void accept(Source source, long offset, byte[] bytes);

    /**
     * The container has ended and all its output was taken. Not called when the channel is lost.
     */
    void end();
}
