package io.hypernetes.node;

import io.hypernetes.api.client.PodAccess.PortStream;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.local.LocalAddress;
import io.netty.channel.local.LocalServerChannel;
import io.netty.util.ReferenceCountUtil;

import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/**
 * An address inside this process that leads to a port of a guest, for clients that want to connect
 * to one. For one connection.
 *
 * <p>The loop moves bytes inside the process; what may block on the guest has threads of its own.
 */
final class LocalBridge implements AutoCloseable {

    private static final int CHUNK = 16 * 1024;

    private final PortStream port;
    private final LocalAddress address = new LocalAddress(LocalBridge.class);
    private final Channel listener;

    /** What the client has sent and the guest has not taken: a few hundred bytes. */
    private final BlockingQueue<byte[]> sent = new LinkedBlockingQueue<>();

    private final Thread writer = Thread.ofVirtual().name("to-guest").unstarted(this::write);

    private LocalBridge(PortStream port, EventLoopGroup loop) {
        this.port = port;
        writer.start();
        this.listener =
                new ServerBootstrap()
                        .group(loop)
                        .channel(LocalServerChannel.class)
                        .childHandler(new Ends())
                        .bind(address)
                        .syncUninterruptibly()
                        .channel();
    }

    /**
     * @param port is closed with the bridge
     * @param loop with a handler of local channels
     */
    static LocalBridge to(PortStream port, EventLoopGroup loop) {
        return new LocalBridge(port, loop);
    }

    LocalAddress address() {
        return address;
    }

    @Override
    public void close() {
        port.close();
        writer.interrupt();
        var unused = listener.close();
    }

    /** The process' end of the connection. */
    private final class Ends extends ChannelInboundHandlerAdapter {
        @Override
        public void channelActive(ChannelHandlerContext context) {
            Thread.ofVirtual().name("from-guest").start(() -> read(context));
        }

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            try {
                sent.add(bytes((ByteBuf) message));
            } finally {
                ReferenceCountUtil.release(message);
            }
        }

        private static byte[] bytes(ByteBuf message) {
            byte[] bytes = new byte[message.readableBytes()];
            message.readBytes(bytes);
            return bytes;
        }
    }

    private void write() {
        try {
            while (true) {
                port.output().write(sent.take());
            }
        } catch (IOException _) {
            port.close(); // which ends the reader, and with it the connection
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private void read(ChannelHandlerContext context) {
        byte[] buffer = new byte[CHUNK];
        try (InputStream input = port.input()) {
            for (int n = input.read(buffer); n >= 0; n = input.read(buffer)) {
                context.writeAndFlush(Unpooled.copiedBuffer(buffer, 0, n)).sync();
            }
        } catch (IOException _) {
            // Told by the end of the connection.
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } finally {
            context.close();
        }
    }
}
