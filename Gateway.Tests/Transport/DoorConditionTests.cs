using System.Threading.RateLimiting;
using Gateway.Tests.Infrastructure;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Gateway.Tests.Transport;

/// <summary>When the direct door is shut: nobody gets past what a host has put before the gateway.</summary>
public sealed class DoorConditionTests
{
    private static readonly string[] Paths = ["/ws", "/hub"];

    public static TheoryData<string> Conventions => ["authorization", "cors", "host", "rate limit", "metadata", "filter", "finally"];

    public static TheoryData<string> Policies => ["fallback", "provider", "rate limiter"];

    [Fact]
    public async Task A_host_that_opens_the_door_has_it_open()
    {
        await using var host = await EmbeddedGateway.StartAsync(door: true);

        foreach (var path in Paths) Heads.AssertDirect(await host.UpgradeAsync(path));
    }

    [Theory]
    [InlineData(null)]
    [InlineData(false)]
    public async Task Middleware_of_a_host_stands_before_every_WebSocket_unless_the_host_opens_the_door(bool? door)
    {
        await using var host = await EmbeddedGateway.StartAsync(door, pipeline: app => app.Run(context =>
        {
            context.Response.StatusCode = StatusCodes.Status401Unauthorized;
            return Task.CompletedTask;
        }));

        foreach (var path in Paths) Assert.StartsWith("HTTP/1.1 401 ", await host.UpgradeAsync(path), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Middleware_of_a_startup_filter_stands_before_every_WebSocket_of_the_stand_alone_gateway()
    {
        await using var gateway = await CustomFixture.StartAsync(services: services => services.AddSingleton<IStartupFilter, Refusing>());

        foreach (var path in Paths)
        {
            await using var peer = await Peer.DialAsync(gateway);
            Assert.StartsWith("HTTP/1.1 401 ", await peer.UpgradeAsync(path), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task The_switch_shuts_the_door_of_the_stand_alone_gateway()
    {
        await using var gateway = await CustomFixture.StartAsync(new() { ["Gateway:Transport:DirectDoor"] = "false" });

        foreach (var path in Paths)
        {
            await using var peer = await Peer.DialAsync(gateway);
            Heads.AssertOrdinary(await peer.UpgradeAsync(path));
        }
    }

    [Theory]
    [MemberData(nameof(Conventions))]
    public async Task A_convention_of_the_host_shuts_a_door_that_is_set_open(string convention)
    {
        await using var host = await EmbeddedGateway.StartAsync(
            door: true,
            services: builder => builder.Services.AddRateLimiter(limiter => limiter.AddPolicy("one", _ => RateLimitPartition.GetNoLimiter(0))),
            conventions: endpoints => Add(endpoints, convention));

        foreach (var path in Paths)
        {
            var answer = await host.UpgradeAsync(path);
            if (convention is "authorization" or "host") Assert.DoesNotContain(" 101 ", answer, StringComparison.Ordinal);
            else Heads.AssertOrdinary(answer);
        }
    }

    [Theory]
    [MemberData(nameof(Policies))]
    public async Task A_policy_for_every_endpoint_shuts_a_door_that_is_set_open(string policy)
    {
        await using var host = await EmbeddedGateway.StartAsync(door: true, services: builder => Add(builder.Services, policy));

        foreach (var path in Paths)
        {
            var answer = await host.UpgradeAsync(path);
            if (policy == "fallback") Assert.DoesNotContain(" 101 ", answer, StringComparison.Ordinal);
            else Heads.AssertOrdinary(answer);
        }
    }

    private static void Add(IEndpointConventionBuilder endpoints, string convention)
    {
        switch (convention)
        {
            case "authorization": endpoints.RequireAuthorization(policy => policy.RequireAssertion(_ => false)); break;
            case "cors": endpoints.RequireCors(policy => policy.AllowAnyOrigin()); break;
            case "host": endpoints.RequireHost("other.example"); break;
            case "rate limit": endpoints.RequireRateLimiting("one"); break;
            case "metadata": endpoints.WithMetadata("of the host"); break;
            case "filter": endpoints.AddEndpointFilter((context, next) => next(context)); break;
            case "finally": endpoints.Finally(endpoint => endpoint.Metadata.Add("of the host")); break;
        }
    }

    private static void Add(IServiceCollection services, string policy)
    {
        switch (policy)
        {
            case "fallback": services.AddAuthorization(options => options.FallbackPolicy = new AuthorizationPolicyBuilder().RequireAssertion(_ => false).Build()); break;
            case "provider": services.AddSingleton<IAuthorizationPolicyProvider, OwnPolicies>(); break;
            case "rate limiter": services.AddRateLimiter(options => options.GlobalLimiter = PartitionedRateLimiter.Create<HttpContext, int>(_ => RateLimitPartition.GetNoLimiter(0))); break;
        }
    }

    private sealed class OwnPolicies : IAuthorizationPolicyProvider
    {
        public Task<AuthorizationPolicy> GetDefaultPolicyAsync() => Task.FromResult(new AuthorizationPolicyBuilder().RequireAssertion(_ => true).Build());

        public Task<AuthorizationPolicy?> GetFallbackPolicyAsync() => Task.FromResult<AuthorizationPolicy?>(null);

        public Task<AuthorizationPolicy?> GetPolicyAsync(string policyName) => Task.FromResult<AuthorizationPolicy?>(null);
    }

    private sealed class Refusing : IStartupFilter
    {
        public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
        {
            app.Run(context =>
            {
                context.Response.StatusCode = StatusCodes.Status401Unauthorized;
                return Task.CompletedTask;
            });
            next(app);
        };
    }
}
