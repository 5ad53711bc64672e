from proto import *
from sim.core.day.washington import *
from sim.core.day.washington import _usual_place, RESPONSE
from sim.core.rules.common import either
from sim.core.day.washington import provoked_today, chance_of_next_step, IDLE, US, uniform
def test(name, f):
    f=numba.extending.register_jitable(error_model="numpy",forceinline=True)(f)
    @numba.njit(error_model="numpy")
    def rep(pack,lanes,seed,n):
        for _ in range(n):
            for lane in range(lanes):
                world=world_of(pack,lane); today=today_of(pack,lane); p=p_of(pack,lane)
                f(world,today,p,seed_today(world,today,seed))
    pack=np.zeros(LIFE.itemsize*LANES+64,np.uint8); o=(-pack.ctypes.data)%64; pack=pack[o:o+LIFE.itemsize*LANES]
    rep(pack,LANES,np.uint64(1),1)
    b=9e9
    for _ in range(5):
        a=time.perf_counter(); rep(pack,LANES,np.uint64(1),3000); b=min(b,time.perf_counter()-a)
    print(f"{name:10s} {b/3000/LANES*1e9:.2f} ns", flush=True)
def t1(world,today,p,seed):
    decision_goes_on(world,today,p,seed)
test('full',t1)
def t2(world,today,p,seed):
    us=world.us
    us.pressure=uniform(seed, world.luck, world.date, US, RESPONSE, 0)
test('uniform',t2)
def t3(world,today,p,seed):
    us=world.us
    us.commitment=chance_of_next_step(world, p, us.step)
test('chance',t3)
def t4(world,today,p,seed):
    us=world.us
    us.commitment=chance_of_next_step(world, p, us.step)
    us.pressure=uniform(seed, world.luck, world.date, US, RESPONSE, 0)
test('both',t4)
def t5(world,today,p,seed):
    us=world.us
    free = (today.level < 0) & provoked_today(world, p)
    step=us.step
    goes_on = free & (us.pressure < us.commitment)
    held = free & (step == IDLE) & (us.commitment >= 0.5) & (not goes_on)
    us.done = either(goes_on, step, IDLE)
    us.step = either(free, step + either(goes_on, 1, 0), IDLE)
    world.outcome.us_held += either(held, 1, 0)
test('rest',t5)
def t6(world,today,p,seed):
    us=world.us
    step=us.step
    goes_on = (uniform(seed, world.luck, world.date, US, RESPONSE, 0) < us.commitment)
    us.done = either(goes_on, step, IDLE)
test('u<',t6)
def t7(world,today,p,seed):
    us=world.us
    step=us.step
    free = (today.level < 0) & provoked_today(world, p)
    goes_on = free & (uniform(seed, world.luck, world.date, US, RESPONSE, 0) < us.commitment)
    us.done = either(goes_on, step, IDLE)
test('free u<',t7)
